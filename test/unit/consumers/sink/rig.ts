import { onTestFinished, vi } from 'vitest';
import { createSink, type Sink, type SinkConfig, type SinkDeps } from '../../../../consumers/sink/sink.ts';
import { createMetrics } from '../../../../src/app/metrics.ts';
import { type Failpoint, noFailpoints } from '../../../../src/platform/failpoints.ts';
import { createLogger, type Logger } from '../../../../src/platform/logger.ts';
import { sessionEvent } from '../../../support/arbitrary-events.ts';
import { createMemoryEventStore } from '../../../support/memory-event-store.ts';
import { createMemorySource, type MemorySource } from '../../../support/memory-source.ts';
import { messageOfEvent } from './streams.ts';

const logger = createLogger({ logLevel: 'silent' });
export const metrics = createMetrics();

/** Creates a sink with small batches and without linger time. */
export function newSink(
  deps: Pick<SinkDeps, 'source' | 'store' | 'watermarks'> & { failpoint?: Failpoint; logger?: Logger },
  config: Partial<SinkConfig> = {},
): Sink {
  return createSink(
    { maxRows: 10, lingerMs: 0, ...config },
    { failpoint: noFailpoints, logger, metrics, ...deps },
  );
}

/** Uses fake timers for one test. Time advances only through `advance`. */
export function useFakeTime(): { advance(ms: number): Promise<void>; reset(): void } {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return {
    async advance(ms) {
      await vi.advanceTimersByTimeAsync(ms);
    },
    reset: () => {
      vi.clearAllTimers();
    },
  };
}

/** Creates a sink with in-memory stores, without starting it. */
export function setUpSink(config: Partial<SinkConfig> = {}, { partition }: { partition?: number } = {}) {
  const time = useFakeTime();
  const source = createMemorySource();
  const store = createMemoryEventStore(partition === undefined ? {} : { partition });
  const { lines, logger } = createLineLogger();
  const sink = newSink({ source, store, logger }, config);
  return { ...time, source, store, sink, lines };
}

/** A log line: its level, its message and its fields. */
export type LogLine = { readonly level: string; readonly message: string } & Record<string, unknown>;

/** Creates a logger that stores its lines. */
function createLineLogger() {
  const lines: LogLine[] = [];
  const write = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, ...fields });
  const logger = { info: write('info'), warn: write('warn'), error: write('error') } as unknown as Logger;
  return { lines, logger };
}

/** Adds the events `first` to `last` of one producer to the source. */
export function arrive(source: MemorySource, first: number, last: number): void {
  const sequences = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  source.push(
    sequences.map((sequence) => messageOfEvent(sessionEvent({ sequence, sessionId: sessionIdOf(sequence) }))),
  );
}

function sessionIdOf(sequence: number): string {
  return `0199a0b1-c2d3-7e4f-8a5b-${String(sequence).padStart(12, '0')}`;
}

/** Returns the sequences of the stored rows, in insert order. */
export function sequencesIn(store: { rows(): readonly { sequence: number }[] }): number[] {
  return store.rows().map(({ sequence }) => sequence);
}
