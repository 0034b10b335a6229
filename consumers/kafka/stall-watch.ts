import type { Component } from '../../src/platform/lifecycle.ts';

export interface StallWatchConfig {
  readonly stalledAfterMs: number;
}

/** What can be seen of a Kafka client from outside. */
export interface FetchingClient {
  /** When it last showed that it fetches and is in its group, on the clock of `performance.now`. */
  lastSignMs(): number;
  /** Whether a broker answers at all, asked over another connection. */
  brokerAnswers(): Promise<boolean>;
  /** Set when it has given up. */
  failure(): Error | undefined;
}

export interface StallWatch extends Pick<Component, 'start' | 'stop'> {
  /** Why a new process is needed; undefined while it is not. */
  stalled(): string | undefined;
}

const lookEveryMs = 5000;

/**
 * kafkajs can fall silent for ever while its process lives (docs/explanation/kafka.md). An idle client still fetches and beats; one
 * that does not, while a broker answers someone else, has stalled. Time is counted in looks: a process that was frozen, or
 * a broker that was away, is given the whole time again.
 */
export function createStallWatch({ stalledAfterMs }: StallWatchConfig, group: FetchingClient): StallWatch {
  const enoughLooks = Math.ceil(stalledAfterMs / lookEveryMs);
  let silentLooks = 0;
  let lastSeenMs = 0;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const signMs = group.lastSignMs();
    const isSilent = signMs === lastSeenMs && (await group.brokerAnswers());
    silentLooks = isSilent ? silentLooks + 1 : 0;
    lastSeenMs = signMs;
  }

  return {
    start() {
      timer = setInterval(() => {
        looking ??= look().finally(() => {
          looking = undefined;
        });
      }, lookEveryMs);
    },
    async stop() {
      clearInterval(timer);
      await looking;
    },
    stalled() {
      const failure = group.failure();
      if (failure !== undefined) return `the Kafka client gave up: ${failure.message}`;
      return silentLooks >= enoughLooks ? 'the Kafka client has stalled' : undefined;
    },
  };
}
