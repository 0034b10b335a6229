import type { Module } from '../platform/module.ts';
import { usageErrors } from './declarations/errors.ts';
import { usageSettings } from './declarations/settings.ts';

/** Usage queries. */
export const usageModule = { errors: usageErrors, settings: usageSettings } satisfies Module;
