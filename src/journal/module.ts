import type { Module } from '../platform/module.ts';
import { journalErrors } from './declarations/errors.ts';
import { defineJournalMetrics } from './declarations/metrics.ts';
import { journalSettings } from './declarations/settings.ts';

/** Settings, errors and metrics of the journal and of its relay to Kafka. */
export const journalModule = {
  errors: journalErrors,
  settings: journalSettings,
  metrics: defineJournalMetrics,
} satisfies Module;
