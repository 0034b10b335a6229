import type { Module } from '../src/platform/module.ts';
import { defineConsumerMetrics } from './declarations/metrics.ts';
import { consumerSettings } from './declarations/settings.ts';

/** What stores the stream of sessions: sources, the sink, dead letters, integrity and repair. */
export const consumerModule = { settings: consumerSettings, metrics: defineConsumerMetrics } satisfies Module;
