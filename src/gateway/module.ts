import type { Module } from '../platform/module.ts';
import { gatewayErrors } from './declarations/errors.ts';

/** The exchange, links, sessions and forward-auth. */
export const gatewayModule = { errors: gatewayErrors } satisfies Module;
