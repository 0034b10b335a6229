import { type BackOff, createBackOff, retryUntilStopped } from '../../src/platform/background/retry.ts';
import { createSignal, type Signal } from '../../src/platform/background/signal.ts';
import { describeStoreError } from '../../src/platform/clickhouse/errors.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { Failpoint } from '../../src/platform/failpoints.ts';
import { createLimitedLog, type LimitedLog } from '../../src/platform/limited-log.ts';
import type { Logger } from '../../src/platform/logger.ts';
import type { SinkFailpoint } from '../declarations/failpoints.ts';
import type { ConsumerMetrics } from '../declarations/metrics.ts';
import type { Source } from '../sources/source.ts';
import { type EventStore, PartitionLostError } from '../store/event-store.ts';
import { createMissingEvents, type MissingEvents } from './missing-events.ts';
import { createPacer, type Pacer } from './pacer.ts';
import { runPipeline } from './pipeline.ts';
import type { WatermarkWriter } from './watermarks.ts';

export interface SinkConfig {
  /** Maximum number of messages per batch. */
  readonly maxRows: number;
  /** Minimum time between two inserts while there is no backlog. It grows if inserts are slow (pacing.ts). */
  readonly lingerMs: number;
}

export interface SinkDeps {
  readonly source: Source;
  readonly store: EventStore;
  readonly failpoint: Failpoint<SinkFailpoint>;
  readonly logger: Logger;
  readonly metrics: ConsumerMetrics;
  /** Stores watermarks. Omitted if the source has none. */
  readonly watermarks?: WatermarkWriter | undefined;
  /** Clock that event times are compared with, to count events in the future. Default: the system clock. */
  readonly clock?: Clock | undefined;
  /** Called when another process owns the partition. The sink has stopped by then. */
  readonly onLost?: () => void;
}

export interface Sink {
  start(): void;
  /** Stores the current batch and stops. Unread messages stay in the source. */
  stop(): Promise<void>;
  /** Returns why the sink is not storing events, or undefined if it is. */
  trouble(): string | undefined;
}

const firstBackOffMs = 100;
const lastBackOffMs = 5000;

/** State that a sink keeps between attempts to store the events. */
interface SinkState {
  readonly config: SinkConfig;
  readonly deps: SinkDeps;
  readonly wakeup: Signal;
  readonly pacer: Pacer;
  readonly missingEvents: MissingEvents;
  readonly backOff: BackOff;
  readonly deadLetterLog: LimitedLog;
  readonly failureLog: LimitedLog;
  isStopping: boolean;
  running: Promise<void> | undefined;
  trouble: string | undefined;
}

/** Why an attempt to store the events ended without an error. */
type AttemptEnd = { readonly kind: 'stopped' } | { readonly kind: 'partition-lost'; readonly reason: string };

/**
 * Creates a sink that stores every event of a stream exactly once (docs/explanation/delivery.md, section 5). After
 * any error it reads the state from the table, moves the source back to its stored cursor, and processes all messages
 * from there again.
 */
export function createSink(config: SinkConfig, deps: SinkDeps): Sink {
  const sink: SinkState = {
    config,
    deps,
    wakeup: createSignal(),
    pacer: createPacer(config),
    missingEvents: createMissingEvents(deps.source.name, deps),
    backOff: createBackOff({ firstMs: firstBackOffMs, lastMs: lastBackOffMs }),
    deadLetterLog: createLimitedLog(deps.logger, { level: 'error' }),
    failureLog: createLimitedLog(deps.logger, { level: 'error' }),
    isStopping: false,
    running: undefined,
    trouble: 'the state of the stream has not been read yet',
  };
  return {
    start() {
      // Without `clear`, a process that has lost its partition would report missing events until it exits.
      sink.running ??= run(sink).finally(sink.missingEvents.clear);
    },
    async stop() {
      sink.isStopping = true;
      sink.wakeup.wake();
      await sink.running;
    },
    trouble: () => sink.trouble,
  };
}

async function run(sink: SinkState): Promise<void> {
  const result = await retryUntilStopped(() => attempt(sink), {
    backOff: sink.backOff,
    wait: sink.wakeup.wait,
    isStopped: () => sink.isStopping,
    onFailure: (error, waitMs) => recordFailure(sink, error, waitMs),
  });
  if (result.kind === 'done' && result.value.kind === 'partition-lost')
    giveUpPartition(sink, result.value.reason);
}

/**
 * Stores events until the sink stops or loses its partition.
 *
 * @throws Error if the source or the store fails. The caller retries.
 */
async function attempt(sink: SinkState): Promise<AttemptEnd> {
  const { source, store } = sink.deps;
  try {
    const state = await store.readState();
    source.rewind();
    sink.missingEvents.report(state);
    await runPipeline(state, {
      ...sink.deps,
      ...{ pacer: sink.pacer, wakeup: sink.wakeup },
      ...{ missingEvents: sink.missingEvents, deadLetterLog: sink.deadLetterLog },
      maxRows: sink.config.maxRows,
      isStopping: () => sink.isStopping,
      onStored: () => recordSuccess(sink),
      onBlocked: (reason) => {
        sink.trouble = reason;
      },
    });
    return { kind: 'stopped' };
  } catch (error) {
    if (error instanceof PartitionLostError) return { kind: 'partition-lost', reason: error.message };
    throw error;
  }
}

function recordSuccess(sink: SinkState): void {
  sink.trouble = undefined;
  sink.backOff.reset();
  sink.failureLog.end();
}

function giveUpPartition(sink: SinkState, reason: string): void {
  sink.trouble = reason;
  sink.isStopping = true;
  sink.deps.onLost?.();
}

function recordFailure(sink: SinkState, error: unknown, backOffMs: number): void {
  const { metrics } = sink.deps;
  const reason = describeStoreError(error);
  sink.trouble = `storing fails: ${reason}`;
  metrics.sinkErrors.inc();
  sink.failureLog.write(
    reason,
    { reason, backOffMs },
    'the sink could not store; it reads the marks and tries again',
  );
}
