import type { Module } from '../platform/module.ts';
import { completenessActions } from './declarations/actions.ts';
import { defineCompletenessMetrics } from './declarations/metrics.ts';
import { completenessTags } from './declarations/openapi.ts';
import { completenessSettings } from './declarations/settings.ts';
import { completenessTables } from './declarations/tables.ts';

/** Declarations for the watermarks of a cluster: which gateways are live, and how far their sessions are stored. */
export const completenessModule = {
  tables: completenessTables,
  settings: completenessSettings,
  metrics: defineCompletenessMetrics,
  auditedActions: completenessActions,
  tags: completenessTags,
} satisfies Module;
