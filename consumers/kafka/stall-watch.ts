import { createPeriodic } from '../../src/platform/background/periodic-task.ts';
import type { Component } from '../../src/platform/lifecycle.ts';

export interface StallWatchConfig {
  readonly stalledAfterMs: number;
}

/** The signs of life of a Kafka client. */
export interface FetchingClient {
  /** Returns when the client last showed that it fetches and is in its group, on the clock of `performance.now`. */
  lastSignMs(): number;
  /** Returns whether a broker answers on another connection. */
  brokerAnswers(): Promise<boolean>;
  /** Returns the error with which the client gave up, or undefined. */
  failure(): Error | undefined;
}

export interface StallWatch extends Pick<Component, 'start' | 'stop'> {
  /** Returns why the process must restart, or undefined while it need not. */
  stalled(): string | undefined;
}

const pollMs = 5000;

/**
 * Creates a watch for a kafkajs client that falls silent while its process lives (docs/explanation/kafka.md). An idle
 * client still fetches and sends heartbeats. A client that does neither, while a broker answers on another
 * connection, has stalled. The watch counts polls instead of time, so a frozen process or an absent broker starts the
 * count again.
 */
export function createStallWatch({ stalledAfterMs }: StallWatchConfig, client: FetchingClient): StallWatch {
  const maxSilentPolls = Math.ceil(stalledAfterMs / pollMs);
  let silentPolls = 0;
  let lastSignMs = 0;

  async function poll(): Promise<void> {
    const signMs = client.lastSignMs();
    const isSilent = signMs === lastSignMs && (await client.brokerAnswers());
    silentPolls = isSilent ? silentPolls + 1 : 0;
    lastSignMs = signMs;
  }

  return {
    ...createPeriodic({ everyMs: pollMs }, poll),
    stalled() {
      const failure = client.failure();
      if (failure !== undefined) return `the Kafka client gave up: ${failure.message}`;
      return silentPolls >= maxSilentPolls ? 'the Kafka client has stalled' : undefined;
    },
  };
}
