import type { Module } from '../platform/module.ts';
import { accessActions } from './declarations/actions.ts';
import { accessErrors } from './declarations/errors.ts';
import { accessExamples } from './declarations/examples.ts';
import { accessSecuritySchemes, accessTags } from './declarations/openapi.ts';
import { accessSettings } from './declarations/settings.ts';
import { accessTables } from './declarations/tables.ts';

/**
 * Settings, errors, tables, audited actions and OpenAPI declarations for sign-in, API tokens, organisations and the
 * audit log.
 */
export const accessModule = {
  tables: accessTables,
  errors: accessErrors,
  settings: accessSettings,
  auditedActions: accessActions,
  tags: accessTags,
  securitySchemes: accessSecuritySchemes,
  exampleValues: accessExamples,
} satisfies Module;
