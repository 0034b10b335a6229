import type { SessionEvent } from '../../src/events/session-event.ts';
import type { Failpoint } from '../../src/platform/failpoints.ts';
import type { LimitedLog } from '../../src/platform/limited-log.ts';
import type { DeadLetter } from '../dead-letter/dead-letter.ts';
import type { SinkFailpoint } from '../declarations/failpoints.ts';
import type { ConsumerMetrics } from '../declarations/metrics.ts';
import type { Source } from '../sources/source.ts';
import type { EncodedRows, EventStore } from '../store/event-store.ts';
import { producerStateOf, recordSequence, type StreamState } from '../store/stream-state.ts';
import type { MissingEvents } from './missing-events.ts';
import type { PreparedBatch } from './prepare.ts';
import type { WatermarkWriter } from './watermarks.ts';

export interface BatchWriterDeps {
  readonly source: Source;
  readonly store: EventStore;
  readonly failpoint: Failpoint<SinkFailpoint>;
  /**
   * Rate-limited log for dead letters, because another program can write an unlimited number of unreadable
   * messages.
   */
  readonly deadLetterLog: LimitedLog;
  readonly metrics: ConsumerMetrics;
  readonly missingEvents: MissingEvents;
  /** Stores watermarks. Omitted if the source has none. */
  readonly watermarks?: WatermarkWriter | undefined;
  /** Called after each insert with its duration. */
  readonly onInserted: (tookMs: number) => void;
}

/**
 * Stores a prepared batch in this order: rows, uncertain events that an exact look-up does not find, dead
 * letters, watermarks. It stores the source's cursor last, so the cursor never points past a message that is not stored.
 *
 * @throws the error of the store. The batch may then be partly stored, and the state is no longer valid.
 */
export async function writeBatch(
  state: StreamState,
  batch: PreparedBatch,
  deps: BatchWriterDeps,
): Promise<void> {
  await insertRows(batch.rows, deps);
  if (batch.futureEvents > 0) deps.metrics.futureEvents.inc(batch.futureEvents);
  if (batch.uncertain.length > 0) await insertAbsent(state, batch.uncertain, deps);
  if (batch.deadLetters.length > 0) await insertDeadLetters(batch.deadLetters, deps);
  if (batch.watermarks.length > 0) await deps.watermarks?.write(batch.watermarks);
  if (batch.duplicates > 0) deps.metrics.duplicates.inc(batch.duplicates);
  deps.missingEvents.report(state);
  if (batch.lastPosition === undefined) return;
  deps.failpoint('hint.before');
  await deps.source.hint(batch.lastPosition);
}

async function insertRows(rows: EncodedRows, deps: BatchWriterDeps): Promise<void> {
  const { store, failpoint, metrics } = deps;
  if (rows.count === 0) return;
  failpoint('insert.before');
  const endTimer = metrics.insertSeconds.startTimer();
  await store.insert(rows);
  deps.onInserted(endTimer() * 1000);
  failpoint('insert.after');
  metrics.storedRows.inc(rows.count);
  metrics.lastInsert.setToCurrentTime();
}

async function insertAbsent(
  state: StreamState,
  events: readonly SessionEvent[],
  deps: BatchWriterDeps,
): Promise<void> {
  const { store } = deps;
  await insertRows(store.encode(await store.absentOf(events)), deps);
  for (const { producer, partition, sequence } of events)
    recordSequence(producerStateOf(state, producer, partition), sequence);
}

async function insertDeadLetters(letters: readonly DeadLetter[], deps: BatchWriterDeps): Promise<void> {
  const { store, failpoint, deadLetterLog, metrics } = deps;
  await store.insertDeadLetters(letters);
  failpoint('dead-letter.after');
  metrics.deadLetters.inc(letters.length);
  const reasons = [...new Set(letters.map(({ reason }) => reason))].sort();
  deadLetterLog.write(
    reasons.join(),
    { count: letters.length, reasons },
    'messages were stored as dead letters',
  );
}
