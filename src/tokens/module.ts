import type { Module } from '../platform/module.ts';
import { tokenActions } from './declarations/actions.ts';
import { tokenErrors } from './declarations/errors.ts';
import { tokenExamples } from './declarations/examples.ts';
import { tokenTags } from './declarations/openapi.ts';
import { tokenSettings } from './declarations/settings.ts';
import { tokenTables } from './declarations/tables.ts';

/**
 * Tables, errors, settings, audited actions and OpenAPI declarations for token configurations, and for creating,
 * decrypting, testing and revoking tokens.
 */
export const tokenModule = {
  tables: tokenTables,
  errors: tokenErrors,
  settings: tokenSettings,
  auditedActions: tokenActions,
  tags: tokenTags,
  exampleValues: tokenExamples,
} satisfies Module;
