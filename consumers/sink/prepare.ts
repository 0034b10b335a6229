import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { SessionEvent } from '../../src/events/session-event.ts';
import type { Watermark } from '../../src/events/watermark.ts';
import { type Clock, systemClock } from '../../src/platform/clock.ts';
import type { DeadLetter } from '../dead-letter/dead-letter.ts';
import type { Source } from '../sources/source.ts';
import type { EncodedRows, EventStore } from '../store/event-store.ts';
import type { StreamState } from '../store/stream-state.ts';
import { type Batch, type BatchEnd, decideBatch } from './batch.ts';
import { addWatermark } from './watermarks.ts';

/** Consecutive messages that were read and decided, with their encoded rows. */
export interface PreparedBatch {
  /** Number of messages that were read for the batch. */
  readonly messageCount: number;
  readonly rows: EncodedRows;
  readonly uncertain: readonly SessionEvent[];
  readonly deadLetters: readonly DeadLetter[];
  readonly watermarks: readonly Watermark[];
  readonly duplicates: number;
  /** Number of rows whose time is more than 5 minutes ahead of the consumer's clock. */
  readonly futureEvents: number;
  /** Position of the last message with a decision, or undefined if there is none. */
  readonly lastPosition: number | undefined;
  readonly end: BatchEnd;
}

export interface PrepareDeps {
  readonly source: Source;
  readonly store: Pick<EventStore, 'encode' | 'partition'>;
  readonly maxRows: number;
  /** Default: the system clock. */
  readonly clock?: Clock | undefined;
}

/**
 * Number of messages that are decided in one slice. Between slices the event loop can serve the gateway in
 * the same process and the running insert. The garbage of a small slice also stays in the young
 * generation, where collecting it is cheap. Both effects are measured in docs/performance.md.
 */
const sliceSize = 1000;
/** Events that are further ahead of the consumer's clock are counted. Synchronised clocks differ by milliseconds. */
const futureMs = 300_000;

/**
 * Prepares the next batch of up to `maxRows` messages. The batch is smaller if the source has no more messages,
 * or if a message of a newer version blocks the stream.
 */
export async function prepareBatch(state: StreamState, deps: PrepareDeps): Promise<PreparedBatch> {
  const { source, store, maxRows, clock = systemClock } = deps;
  const batch = emptyPreparedBatch();
  const latestMs = clock.nowMs() + futureMs;
  while (batch.messageCount < maxRows && batch.end.kind === 'all-decided') {
    if (batch.messageCount > 0) await yieldToEventLoop();
    const max = Math.min(sliceSize, maxRows - batch.messageCount);
    const messages = await source.read(max);
    const slice = decideBatch(state, messages, source.name, store.partition);
    batch.messageCount += messages.length;
    for (const { timeMs } of slice.rows) if (timeMs > latestMs) batch.futureEvents += 1;
    addSlice(batch, slice, store.encode(slice.rows));
    if (messages.length < max) break;
  }
  return batch;
}

function emptyPreparedBatch() {
  return {
    messageCount: 0,
    rows: { count: 0, pieces: [] as string[] },
    uncertain: [] as SessionEvent[],
    deadLetters: [] as DeadLetter[],
    watermarks: [] as Watermark[],
    duplicates: 0,
    futureEvents: 0,
    lastPosition: undefined as number | undefined,
    end: { kind: 'all-decided' } as BatchEnd,
  };
}

function addSlice(batch: ReturnType<typeof emptyPreparedBatch>, slice: Batch, encoded: EncodedRows): void {
  batch.rows.count += encoded.count;
  batch.rows.pieces.push(...encoded.pieces);
  batch.uncertain.push(...slice.uncertain);
  batch.deadLetters.push(...slice.deadLetters);
  for (const watermark of slice.watermarks) addWatermark(batch.watermarks, watermark);
  batch.duplicates += slice.duplicates;
  batch.lastPosition = slice.lastPosition ?? batch.lastPosition;
  batch.end = slice.end;
}
