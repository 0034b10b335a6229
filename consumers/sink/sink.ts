import type { SessionEvent } from '../../src/events/session-event.ts';
import { createWakeup } from '../../src/platform/background/signal.ts';
import { describeStoreError } from '../../src/platform/clickhouse/errors.ts';
import type { Failpoint } from '../../src/platform/failpoints.ts';
import type { Logger } from '../../src/platform/logger.ts';
import type { Metrics } from '../../src/platform/metrics.ts';
import type { Source } from '../sources/source.ts';
import { type EncodedRows, type EventStore, PartitionLostError } from '../store/event-store.ts';
import { countMissing, noteSequence, producerStateOf, type StreamState } from '../store/stream-state.ts';
import { type LastInsert, pauseAfter } from './pacing.ts';
import { type PreparedBatch, prepareBatch } from './prepare.ts';

export interface SinkConfig {
  readonly maxRows: number;
  /** Least time between two inserts while there is no backlog; more when inserts are slow (pacing.ts). */
  readonly lingerMs: number;
}

export interface SinkDeps {
  readonly source: Source;
  readonly store: EventStore;
  readonly failpoint: Failpoint;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The partition belongs to another process: this sink has ended. */
  readonly onLost?: () => void;
}

export interface Sink {
  start(): void;
  /** Stores what is under way and stops. What was not taken yet stays in the source. */
  stop(): Promise<void>;
  /** Undefined when all is well; else why nothing is being stored. */
  trouble(): string | undefined;
}

const idleWaitMs = 1000;
const firstBackOffMs = 100;
const lastBackOffMs = 5000;

/**
 * Stores a stream, each event exactly once (docs/explanation/delivery.md, 5). While one batch is being inserted the next is
 * read and decided. After any error nothing is repaired: the state is read from the table anew, the source
 * begins again at its hint, and everything is decided anew.
 */
export function createSink(config: SinkConfig, deps: SinkDeps): Sink {
  const { source, store, failpoint, logger, metrics } = deps;
  const wakeup = createWakeup();
  let startedMs = 0;
  let last: LastInsert = { rows: 0, isFull: false, gatheredMs: 1, tookMs: 0 };
  let stopping = false;
  let running: Promise<void> | undefined;
  let trouble: string | undefined = 'the state of the stream has not been read yet';

  async function run(): Promise<void> {
    let backOffMs = firstBackOffMs;
    while (!stopping) {
      try {
        const state = await store.readState();
        source.rewind();
        reportMissing(state);
        await drain(state, () => {
          trouble = undefined;
          backOffMs = firstBackOffMs;
        });
      } catch (error) {
        if (error instanceof PartitionLostError) {
          trouble = error.message;
          stopping = true;
          deps.onLost?.();
          return;
        }
        const reason = describeStoreError(error);
        trouble = `storing fails: ${reason}`;
        metrics.sinkErrors.inc();
        logger.error({ reason, backOffMs }, 'the sink could not store; it reads the marks and tries again');
        if (!stopping) await wakeup.wait(backOffMs);
        backOffMs = Math.min(lastBackOffMs, backOffMs * 2);
      }
    }
  }

  async function drain(state: StreamState, onStored: () => void): Promise<void> {
    let storing: Promise<void> = Promise.resolve();
    startedMs = 0;
    try {
      while (!stopping) {
        await Promise.race([source.waitForMore(idleWaitMs), wakeup.wait(idleWaitMs)]);
        await linger();
        const batch = await prepareBatch(state, { source, store, maxRows: config.maxRows });
        await storing;
        noteBegin(batch);
        storing = settle(state, batch);
        // A failure does not wait for the next message.
        storing.catch(() => wakeup.wake());
        if (batch.waitingFor !== undefined) await waitForUpgrade(batch.waitingFor, storing);
        storing = storing.then(onStored);
        storing.catch(() => {});
      }
    } finally {
      // Also after an error: the marks may be read only when no insert is running any more.
      await storing;
    }
  }

  function linger(): Promise<void> {
    const leftMs = startedMs + pauseAfter(last, config.lingerMs) - performance.now();
    return leftMs > 0 && !stopping ? wakeup.wait(leftMs) : Promise.resolve();
  }

  function noteBegin({ messages, rows, lastPosition }: PreparedBatch): void {
    last = { ...last, isFull: messages === config.maxRows };
    if (lastPosition === undefined) return;
    const nowMs = performance.now();
    last = { ...last, rows: rows.count, gatheredMs: nowMs - startedMs };
    startedMs = nowMs;
  }

  async function settle(state: StreamState, batch: PreparedBatch): Promise<void> {
    await insert(batch.rows);
    if (batch.uncertain.length > 0) await fill(state, batch.uncertain);
    if (batch.deadLetters.length > 0) await putAside(batch);
    if (batch.duplicates > 0) metrics.duplicates.inc(batch.duplicates);
    reportMissing(state);
    if (batch.lastPosition === undefined) return;
    failpoint('hint.before');
    await source.hint(batch.lastPosition);
  }

  async function insert(rows: EncodedRows): Promise<void> {
    if (rows.count === 0) return;
    failpoint('insert.before');
    const endTimer = metrics.insertSeconds.startTimer();
    await store.insert(rows);
    last = { ...last, tookMs: endTimer() * 1000 };
    failpoint('insert.after');
    metrics.storedRows.inc(rows.count);
  }

  async function fill(state: StreamState, events: readonly SessionEvent[]): Promise<void> {
    await insert(store.encode(await store.absentOf(events)));
    for (const { producer, partition, sequence } of events)
      noteSequence(producerStateOf(state, producer, partition), sequence);
  }

  async function putAside({ deadLetters }: PreparedBatch): Promise<void> {
    await store.insertDeadLetters(deadLetters);
    failpoint('dead-letter.after');
    metrics.deadLetters.inc(deadLetters.length);
    const reasons = [...new Set(deadLetters.map(({ reason }) => reason))];
    logger.error({ count: deadLetters.length, reasons }, 'messages were put aside as dead letters');
  }

  async function waitForUpgrade(type: string, storing: Promise<void>): Promise<never> {
    await storing;
    throw new Error(
      `the stream holds an event of type ${type}, which this version cannot read: upgrade watmeter`,
    );
  }

  function reportMissing(state: StreamState): void {
    const missing = countMissing(state);
    metrics.missingEvents.set({ source: source.name }, missing);
    if (missing > 0) logger.warn({ missing }, 'events are missing between stored ones');
  }

  /** Else a hole would be reported for ever by a process that has given the partition to another. */
  function forgetMissing(): void {
    metrics.missingEvents.remove({ source: source.name });
  }

  return {
    start() {
      running ??= run().finally(forgetMissing);
    },
    async stop() {
      stopping = true;
      wakeup.wake();
      await running;
    },
    trouble: () => trouble,
  };
}
