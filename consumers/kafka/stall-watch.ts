import { createPeriodic } from '../../src/platform/background/periodic-task.ts';
import type { Component } from '../../src/platform/lifecycle.ts';

export interface StallWatchConfig {
  readonly stalledAfterMs: number;
}

/** Signs that a Kafka client is working. */
export interface FetchingClient {
  /** Returns when the client last fetched or sent a heartbeat, in milliseconds of `performance.now`. */
  lastSignMs(): number;
  /** Returns whether a broker responds on another connection. */
  brokerAnswers(): Promise<boolean>;
  /** Returns the error that stopped the client, or undefined. */
  failure(): Error | undefined;
}

export interface StallWatch extends Pick<Component, 'start' | 'stop'> {
  /** Returns why the process must restart, or undefined if it need not. */
  stalled(): string | undefined;
}

const pollMs = 5000;

/**
 * Creates a watch that detects a kafkajs client that stops working while its process runs
 * (docs/explanation/kafka.md). An idle client still fetches and sends heartbeats. A client that does neither,
 * while a broker responds on another connection, has stalled.
 *
 * The watch counts its own polls, not elapsed time, so a freeze of the process does not count as a stall. It polls
 * every 5 s and reports a stall after `stalledAfterMs` / 5 s (rounded up) consecutive polls without a fetch or
 * heartbeat. A poll during a broker outage resets the count.
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
