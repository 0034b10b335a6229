import type { Module } from '../platform/module.ts';
import { usageErrors } from './declarations/errors.ts';

/** Usage queries. */
export const usageModule = { errors: usageErrors } satisfies Module;
