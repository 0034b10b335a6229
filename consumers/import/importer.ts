import type { SessionEvent } from '../../src/events/session-event.ts';
import { createSemaphore } from '../../src/platform/background/semaphore.ts';
import { decide } from '../sink/decide.ts';
import type { EventStore } from '../store/event-store.ts';
import { monthOf, type ProducerState, producerStateOf, type StreamState } from '../store/stream-state.ts';
import type { CheckedSession } from './check-sessions.ts';
import { type ImportSource, type ImportStream, importStreamOf, sessionIdOf } from './import-identity.ts';

export interface ImporterDeps {
  /** Returns the event store of one partition. `readState` of the store takes the partition from other processes. */
  readonly openStore: (partition: number) => EventStore;
  /** Returns the pseudonym of a viewer (`subject`). */
  readonly pseudonymOf: (organisationId: string, subject: string) => string;
}

export interface ImportProgress {
  readonly producer: string;
  /** Number of the first row that is not stored. */
  readonly next: number;
  readonly stored: number;
}

export interface StoreOutcome extends ImportProgress {
  readonly alreadyStored: number;
}

export interface Importer {
  /** Returns how much of a file is stored. */
  progress(source: ImportSource): Promise<ImportProgress>;
  /**
   * Stores consecutive rows of a file. A row that is already stored is not stored again, so a call can be repeated.
   * Durable when the promise resolves. In the result, `stored` and `alreadyStored` count only the rows of this call.
   * @throws RowGapError if a row before `first` is not stored. @throws PartitionLostError if another process imports
   * the same file.
   */
  store(source: ImportSource, first: number, sessions: readonly CheckedSession[]): Promise<StoreOutcome>;
}

/** Thrown if a row before the rows of the call is not stored. */
export class RowGapError extends Error {
  override readonly name = 'RowGapError';
  readonly next: number;

  constructor(next: number) {
    super(`row ${next} is not stored yet`);
    this.next = next;
  }
}

/** Pseudonym of the viewer in sessions without a viewer. All these sessions count as one viewer. */
const unknownViewer = '0'.repeat(32);
/** Maximum number of months per insert, because an insert writes one table part per month. */
const maxMonths = 50;

/**
 * Creates an importer. Each import has its own producer, and the row numbers of the file are the sequence numbers.
 * The ledger therefore shows which rows are stored (docs/explanation/delivery.md, section 5). Only one call runs at a
 * time.
 */
export function createImporter({ openStore, pseudonymOf }: ImporterDeps): Importer {
  const turn = createSemaphore(1);

  async function storeRows(source: ImportSource, first: number, sessions: readonly CheckedSession[]) {
    const stream = importStreamOf(source);
    const store = openStore(stream.partition);
    const state = await store.readState();
    const { producer } = stream;
    const producerState = producerStateOf(state, producer, stream.partition);
    const next = nextRow(producerState);
    if (first > next) throw new RowGapError(next);
    const events = sessions.map((session, index) =>
      eventOf(session, { stream, row: first + index, source, pseudonymOf }),
    );
    const absent = await findAbsent(events, state, store);
    for (const batch of batchesOf(absent)) await store.insert(store.encode(batch));
    return {
      producer,
      next: Math.max(next, first + sessions.length),
      stored: absent.length,
      alreadyStored: events.length - absent.length,
    };
  }

  return {
    async progress(source) {
      const { producer, partition } = importStreamOf(source);
      const state = await turn.run(() => openStore(partition).readState());
      const producerState = producerStateOf(state, producer, partition);
      return { producer, next: nextRow(producerState), stored: countStored(producerState) };
    },
    store: (source, first, sessions) => turn.run(() => storeRows(source, first, sessions)),
  };
}

function nextRow({ holes, highest }: ProducerState): number {
  return holes[0]?.first ?? highest + 1;
}

function countStored({ holes, highest }: ProducerState): number {
  return holes.reduce((stored, { first, last }) => stored - (last - first + 1), highest);
}

interface RowContext extends Pick<ImporterDeps, 'pseudonymOf'> {
  readonly stream: ImportStream;
  readonly source: ImportSource;
  readonly row: number;
}

function eventOf(session: CheckedSession, { stream, source, row, pseudonymOf }: RowContext): SessionEvent {
  const { organisationId } = source;
  const { timeMs, configurationId, tags, viewer, sessionId } = session;
  return {
    ...stream,
    sequence: row,
    timeMs,
    sessionId: sessionId ?? sessionIdOf(stream.producer, row),
    configurationId,
    organisationId,
    tags,
    viewer: viewer === undefined ? unknownViewer : pseudonymOf(organisationId, viewer),
  };
}

/**
 * Returns the events that are not stored. After an interrupted import, the state can contain missing ranges. Events
 * in these ranges are looked up by their exact identity.
 */
async function findAbsent(
  events: readonly SessionEvent[],
  state: StreamState,
  store: EventStore,
): Promise<SessionEvent[]> {
  const decisions = events.map((event) => ({
    event,
    kind: decide(state, { kind: 'event', event }, undefined, event.partition).kind,
  }));
  const unsure = decisions.filter(({ kind }) => kind === 'look-up').map(({ event }) => event);
  const found = unsure.length === 0 ? [] : await store.absentOf(unsure);
  const absent = new Set([
    ...found,
    ...decisions.filter(({ kind }) => kind === 'row').map(({ event }) => event),
  ]);
  return events.filter((event) => absent.has(event));
}

/** Splits events into batches with few months each. Events of one month stay in their order. */
function batchesOf(events: readonly SessionEvent[]): SessionEvent[][] {
  const months = new Map<number, SessionEvent[]>();
  for (const event of events) {
    const month = monthOf(event.timeMs);
    const list = months.get(month) ?? [];
    months.set(month, list);
    list.push(event);
  }
  const lists = [...months.values()];
  const batches: SessionEvent[][] = [];
  for (let start = 0; start < lists.length; start += maxMonths)
    batches.push(lists.slice(start, start + maxMonths).flat());
  return batches;
}
