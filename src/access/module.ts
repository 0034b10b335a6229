import type { Module } from '../platform/module.ts';
import { accessErrors } from './declarations/errors.ts';

/** Sign-in, API tokens, organisations and the audit log. */
export const accessModule = { errors: accessErrors } satisfies Module;
