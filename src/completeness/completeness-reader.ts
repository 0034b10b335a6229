import { createPeriodicTask } from '../platform/background/periodic-task.ts';
import type { Clock } from '../platform/clock.ts';
import type { Component } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/logger.ts';
import {
  completeThrough,
  type LiveProducer,
  liveProducers,
  openUnwatched,
  type ProducersState,
} from './complete-through.ts';
import type { CompletenessMetrics } from './declarations/metrics.ts';
import type { ProducerRegistry } from './registry/producer-registry.ts';
import type { StoredWatermarks } from './stored/stored-watermarks.ts';

export interface CompletenessReaderDeps {
  readonly stored: StoredWatermarks;
  readonly registry: ProducerRegistry;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: CompletenessMetrics;
}

/** Determines periodically up to which instant all sessions of a cluster are stored. */
export interface CompletenessReader {
  /**
   * Returns the instant before which all accepted sessions are stored, as of the last read. Undefined if the instant
   * is not known. If the stores do not respond, the last instant is returned. It is still true, because stored
   * sessions stay stored.
   */
  completeThroughMs(): number | undefined;
  /**
   * Returns the number of unwatched producers (`openUnwatched`), as of the last read. `completeThroughMs` does not wait
   * for them.
   */
  unwatchedProducers(): number;
  /** Reads what is known about the producers. @throws the error of a store. */
  readState(): Promise<ProducersState>;
  readonly component: Component;
}

const everyMs = 500;
/** Interval for unwatched producers. It is longer, because that query reads the producers of all stored sessions. */
const unwatchedEveryMs = 10_000;

/** Creates the reader. It also records which registered producers have ended. */
export function createCompletenessReader(deps: CompletenessReaderDeps): CompletenessReader {
  const { stored, registry, clock, logger, metrics } = deps;
  let throughMs: number | undefined;
  let unwatchedCount = 0;
  let unwatchedDueMs = 0;

  async function readState(): Promise<ProducersState> {
    // The registrations are read last. Otherwise a producer that is registered between the reads would be missed.
    const [producers, legacy] = await Promise.all([stored.producers(), stored.legacy()]);
    const ended = await registry.ended(legacy);
    const registered = await registry.open();
    return { registered, stored: producers, legacy: legacy.filter((producer) => !ended.has(producer)) };
  }

  async function read(): Promise<void> {
    const state = await readState();
    const live = liveProducers(state);
    throughMs = completeThrough(state, clock.nowMs());
    reportLag(metrics, live, clock.nowMs());
    await registry.end(endedProducers(state, live), clock.nowMs());
    if (clock.nowMs() >= unwatchedDueMs) await readUnwatched(state);
  }

  async function readUnwatched(state: ProducersState): Promise<void> {
    unwatchedDueMs = clock.nowMs() + unwatchedEveryMs;
    const unwatched = await stored.unwatched();
    unwatchedCount = openUnwatched(state, unwatched, await registry.ended(unwatched)).length;
  }

  return {
    completeThroughMs: () => throughMs,
    unwatchedProducers: () => unwatchedCount,
    readState,
    component: createPeriodicTask('watermarks', everyMs, read, logger),
  };
}

function reportLag(
  { watermarkLag }: CompletenessMetrics,
  live: readonly LiveProducer[],
  nowMs: number,
): void {
  // Without the reset, the metric would keep the last value of a producer that has ended.
  watermarkLag.reset();
  for (const { gateway = 'unregistered', producer, throughMs } of live)
    watermarkLag.set({ gateway, producer }, Math.max(0, nowMs - throughMs) / 1000);
}

/** Returns the registered producers whose final watermarks are stored. */
function endedProducers({ registered, stored }: ProducersState, live: readonly LiveProducer[]): string[] {
  const isLive = new Set(live.map(({ producer }) => producer));
  const isStored = new Set(stored.map(({ producer }) => producer));
  return registered
    .filter(
      ({ producer, retired }) => retired === undefined && isStored.has(producer) && !isLive.has(producer),
    )
    .map(({ producer }) => producer);
}
