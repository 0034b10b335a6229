import type { Module } from '../platform/module.ts';
import { usageActions } from './declarations/actions.ts';
import { usageErrors } from './declarations/errors.ts';
import { defineUsageMetrics } from './declarations/metrics.ts';
import { usageTags } from './declarations/openapi.ts';
import { usageSettings } from './declarations/settings.ts';
import { usageTables } from './declarations/tables.ts';

/** Errors, tables, settings, metrics, audited actions and OpenAPI tags for queries on stored sessions. */
export const usageModule = {
  errors: usageErrors,
  tables: usageTables,
  settings: usageSettings,
  metrics: defineUsageMetrics,
  auditedActions: usageActions,
  tags: usageTags,
} satisfies Module;
