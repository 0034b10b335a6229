import type { Module } from '../platform/module.ts';
import { tokenErrors } from './declarations/errors.ts';
import { tokenSettings } from './declarations/settings.ts';
import { tokenTables } from './declarations/tables.ts';

/** Token configurations, and all that is done with web access tokens before a session. */
export const tokenModule = {
  errors: tokenErrors,
  tables: tokenTables,
  settings: tokenSettings,
} satisfies Module;
