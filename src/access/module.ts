import type { Module } from '../platform/module.ts';
import { accessErrors } from './declarations/errors.ts';
import { accessSettings } from './declarations/settings.ts';
import { accessTables } from './declarations/tables.ts';

/** Sign-in, API tokens, organisations and the audit log. */
export const accessModule = {
  errors: accessErrors,
  tables: accessTables,
  settings: accessSettings,
} satisfies Module;
