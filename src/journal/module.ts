import type { Module } from '../platform/module.ts';
import { journalErrors } from './declarations/errors.ts';
import { defineJournalMetrics } from './declarations/metrics.ts';
import { journalSettings } from './declarations/settings.ts';

/** Collects the declarations for the durable log of session events and its relay to Kafka. */
export const journalModule = {
  errors: journalErrors,
  settings: journalSettings,
  metrics: defineJournalMetrics,
} satisfies Module;
