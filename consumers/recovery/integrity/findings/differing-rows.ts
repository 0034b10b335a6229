import { decodeSessionEvent } from '../../../../src/events/decode-session-event.ts';
import type { SessionEvent } from '../../../../src/events/session-event.ts';
import type { ViewerReplacer } from '../../../../src/events/viewer-replacement.ts';
import type { JournalEntry } from '../../../../src/journal/log/journal.ts';
import { stateKey } from '../../../store/stream-state.ts';
import { common, setOfSequences, without } from '../model/ranges.ts';
import { limitPerKind } from '../model/report.ts';
import type { IntegrityStore, PlacedRow, TimeWindow } from '../store/integrity-store.ts';
import type { KnownStream } from '../streams/streams.ts';
import { entriesOf, type ReachableJournal } from '../streams/survey.ts';

/** A row that differs from the accepted event with the same identity. */
export interface Difference {
  readonly row: PlacedRow;
  readonly accepted: SessionEvent;
}

type RowReader = Pick<IntegrityStore, 'rowsOf' | 'replacer'>;

/** Finds rows that differ from the journal entry with the same identity. */
export async function findDifferingRows(
  journals: readonly ReachableJournal[],
  streams: readonly KnownStream[],
  store: RowReader,
): Promise<Difference[]> {
  const byKey = new Map(
    streams.map((stream) => [stateKey(stream.facts.producer, stream.facts.partition), stream]),
  );
  const replacer = await store.replacer();
  const differences = new Map<string, Difference>();
  for (const journal of journals)
    for await (const entries of entriesOf(journal))
      for (const [key, accepted] of eventsByStream(entries, replacer)) {
        const found = await differencesIn(byKey.get(key), accepted, store);
        for (const difference of found.slice(0, limitPerKind + 1 - differences.size))
          differences.set(`${difference.row.part}/${difference.row.offset}`, difference);
      }
  return [...differences.values()];
}

async function differencesIn(
  stream: KnownStream | undefined,
  accepted: ReadonlyMap<number, SessionEvent>,
  store: RowReader,
): Promise<Difference[]> {
  if (stream === undefined || stream.months.length === 0) return [];
  const rows = await rowsOfEvents(stream, accepted, store);
  return rows.flatMap((row) => {
    const event = accepted.get(row.event.sequence);
    const isSame = event === undefined || membersThatDiffer(row.event, event).length === 0;
    return isSame ? [] : [{ row, accepted: event }];
  });
}

/**
 * Returns the rows of the accepted events. It first reads only rows within the events' time range, which is cheap.
 * Then it reads the rows of the events that it did not find, at any time.
 */
async function rowsOfEvents(
  { facts, months }: KnownStream,
  accepted: ReadonlyMap<number, SessionEvent>,
  store: RowReader,
): Promise<PlacedRow[]> {
  const sequences = setOfSequences(accepted.keys());
  const near = await store.rowsOf(facts, months, sequences, windowOf(accepted));
  const found = setOfSequences(near.map(({ event }) => event.sequence));
  const rest = without(common(sequences, facts.stored), found);
  return rest.length === 0 ? near : [...near, ...(await store.rowsOf(facts, months, rest))];
}

const members = ['sessionId', 'timeMs', 'organisationId', 'configurationId', 'tags', 'viewer'] as const;

/** Returns the names of the fields in which two events with the same identity differ. */
export function membersThatDiffer(one: SessionEvent, other: SessionEvent): string[] {
  return members.filter((member) =>
    member === 'tags' ? !areEqual(one.tags, other.tags) : one[member] !== other[member],
  );
}

function areEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((tag, index) => tag === other[index]);
}

function windowOf(events: ReadonlyMap<number, SessionEvent>): TimeWindow {
  const window = { firstMs: Number.POSITIVE_INFINITY, lastMs: 0 };
  for (const { timeMs } of events.values()) {
    window.firstMs = Math.min(window.firstMs, timeMs);
    window.lastMs = Math.max(window.lastMs, timeMs);
  }
  return window;
}

function eventsByStream(
  entries: readonly JournalEntry[],
  replacer: ViewerReplacer,
): Map<string, Map<number, SessionEvent>> {
  const streams = new Map<string, Map<number, SessionEvent>>();
  for (const { producer, partition, sequence, body } of entries) {
    const decoded = decodeSessionEvent(body);
    if (decoded.kind !== 'event') continue;
    const key = stateKey(producer, partition);
    const events = streams.get(key) ?? new Map<number, SessionEvent>();
    streams.set(key, events.set(sequence, replacer.event(decoded.event)));
  }
  return streams;
}
