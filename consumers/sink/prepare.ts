import { setImmediate as afterOthers } from 'node:timers/promises';
import type { SessionEvent } from '../../src/events/session-event.ts';
import type { DeadLetter } from '../dead-letter/dead-letter.ts';
import type { Source } from '../sources/source.ts';
import type { EncodedRows, EventStore } from '../store/event-store.ts';
import type { StreamState } from '../store/stream-state.ts';
import { decideBatch } from './batch.ts';

/** A stretch of the stream, read, decided and encoded: ready to be stored. */
export interface PreparedBatch {
  /** How many messages were read for it. */
  readonly messages: number;
  readonly rows: EncodedRows;
  readonly uncertain: readonly SessionEvent[];
  readonly deadLetters: readonly DeadLetter[];
  readonly duplicates: number;
  readonly lastPosition: number | undefined;
  readonly waitingFor: string | undefined;
}

export interface PrepareDeps {
  readonly source: Source;
  readonly store: Pick<EventStore, 'encode'>;
  readonly maxRows: number;
}

/**
 * A large batch is prepared in slices. Between them others have their turn (the gateway in the same process, the
 * insert that is under way), and what a slice made is garbage before it has grown old: both were measured
 * (docs/performance.md).
 */
const sliceRows = 1000;

/** Prepares the next batch: up to `maxRows` messages, less when there are no more or one must wait. */
export async function prepareBatch(state: StreamState, deps: PrepareDeps): Promise<PreparedBatch> {
  const { source, store, maxRows } = deps;
  const uncertain: SessionEvent[] = [];
  const deadLetters: DeadLetter[] = [];
  const pieces: string[] = [];
  let [messages, count, duplicates] = [0, 0, 0];
  let lastPosition: number | undefined;
  let waitingFor: string | undefined;

  while (messages < maxRows && waitingFor === undefined) {
    if (messages > 0) await afterOthers();
    const asked = Math.min(sliceRows, maxRows - messages);
    const slice = await source.read(asked);
    const batch = decideBatch(state, slice, source.name);
    const encoded = store.encode(batch.rows);
    messages += slice.length;
    count += encoded.count;
    pieces.push(...encoded.pieces);
    uncertain.push(...batch.uncertain);
    deadLetters.push(...batch.deadLetters);
    duplicates += batch.duplicates;
    lastPosition = batch.lastPosition ?? lastPosition;
    waitingFor = batch.waitingFor;
    if (slice.length < asked) break;
  }
  return { messages, rows: { count, pieces }, uncertain, deadLetters, duplicates, lastPosition, waitingFor };
}
