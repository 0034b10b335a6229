import type { Module } from '../src/platform/module.ts';
import { defineConsumerMetrics } from './declarations/metrics.ts';
import { consumerSettings } from './declarations/settings.ts';

/** Settings and metrics of the consumer: sources, sinks, dead letters, integrity checks and repairs. */
export const consumerModule = { settings: consumerSettings, metrics: defineConsumerMetrics } satisfies Module;
