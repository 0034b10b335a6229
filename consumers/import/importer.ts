import type { SessionEvent } from '../../src/events/session-event.ts';
import { createSemaphore } from '../../src/platform/background/semaphore.ts';
import { decide } from '../sink/decide.ts';
import type { EventStore } from '../store/event-store.ts';
import { monthOf, type ProducerState, producerStateOf, type StreamState } from '../store/stream-state.ts';
import type { CheckedSession } from './check-sessions.ts';
import { type ImportSource, type ImportStream, importStreamOf, sessionIdOf } from './import-identity.ts';

export interface ImporterDeps {
  /** Creates a store for one partition. Its `readState` takes the partition from other processes. */
  readonly openStore: (partition: number) => EventStore;
  /** Returns the pseudonym of a viewer. */
  readonly pseudonymOf: (organisationId: string, subject: string) => string;
}

export interface ImportProgress {
  readonly producer: string;
  /** First row that is not stored. */
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
   * Stores consecutive rows of a file, each exactly once, however often it is called with them. Durable when the
   * promise resolves. `stored` of the outcome counts the rows of this call.
   * @throws RowGapError if rows before `first` are missing. @throws PartitionLostError if another process imports the
   *   same file.
   */
  store(source: ImportSource, first: number, sessions: readonly CheckedSession[]): Promise<StoreOutcome>;
}

/** Thrown if rows before the given ones are not stored. */
export class RowGapError extends Error {
  override readonly name = 'RowGapError';
  readonly next: number;

  constructor(next: number) {
    super(`row ${next} is not stored yet`);
    this.next = next;
  }
}

/** Pseudonym of sessions without a viewer. They count as one viewer. */
const unknownViewer = '0'.repeat(32);
/** ClickHouse rejects an insert with more than 100 table partitions. */
const maxMonths = 50;

/**
 * Creates an importer. A file is a producer of its own, and its row number is the sequence number, so that the ledger
 * shows which rows are stored (docs/explanation/delivery.md, section 5). One import runs at a time.
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

/** Returns the events that have no row. An interrupted insert can leave missing ranges, which are looked up exactly. */
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

/** Splits events by month, so that each batch writes few table partitions. Within a month the order is kept. */
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
