import type { Module } from '../src/platform/module.ts';
import { consumerActions } from './declarations/actions.ts';
import { consumerErrors } from './declarations/errors.ts';
import { defineConsumerMetrics } from './declarations/metrics.ts';
import { consumerSettings } from './declarations/settings.ts';

/** Settings and metrics of the consumer: sources, sinks, dead letters, integrity checks, repairs and imports. */
export const consumerModule = {
  errors: consumerErrors,
  settings: consumerSettings,
  metrics: defineConsumerMetrics,
  auditedActions: consumerActions,
} satisfies Module;
