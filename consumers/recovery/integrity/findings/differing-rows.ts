import { decodeSessionEvent } from '../../../../src/events/decode-session-event.ts';
import type { SessionEvent } from '../../../../src/events/session-event.ts';
import type { JournalEntry } from '../../../../src/journal/log/journal.ts';
import { stateKey } from '../../../store/stream-state.ts';
import { common, setOf, without } from '../model/ranges.ts';
import { limitPerKind } from '../model/report.ts';
import type { IntegrityStore, PlacedRow, TimeWindow } from '../store/integrity-store.ts';
import type { KnownStream } from '../streams/streams.ts';
import { entriesOf, type ReachableJournal } from '../streams/survey.ts';

/** A row and the event that was accepted in its place. */
export interface Difference {
  readonly row: PlacedRow;
  readonly accepted: SessionEvent;
}

/** Rows that say something else than the journal's entry of the same identity. */
export async function findDifferingRows(
  journals: readonly ReachableJournal[],
  streams: readonly KnownStream[],
  store: Pick<IntegrityStore, 'rowsOf'>,
): Promise<Difference[]> {
  const known = new Map(streams.map((one) => [stateKey(one.facts.producer, one.facts.partition), one]));
  const differences = new Map<string, Difference>();
  for (const journal of journals)
    for await (const entries of entriesOf(journal))
      for (const [key, accepted] of eventsByStream(entries)) {
        const found = await differencesIn(known.get(key), accepted, store);
        for (const one of found.slice(0, limitPerKind + 1 - differences.size))
          differences.set(`${one.row.part}/${one.row.offset}`, one);
      }
  return [...differences.values()];
}

async function differencesIn(
  stream: KnownStream | undefined,
  accepted: ReadonlyMap<number, SessionEvent>,
  store: Pick<IntegrityStore, 'rowsOf'>,
): Promise<Difference[]> {
  if (stream === undefined || stream.months.length === 0) return [];
  const sequences = setOf([...accepted.keys()].map((sequence) => ({ first: sequence, last: sequence })));
  // Near their time first, which is cheap; then those that lie at another time than they should.
  const near = await store.rowsOf(stream.facts, stream.months, sequences, windowOf(accepted));
  const found = setOf(near.map(({ event: { sequence } }) => ({ first: sequence, last: sequence })));
  const elsewhere = without(common(sequences, stream.facts.stored), found);
  const far = elsewhere.length > 0 ? await store.rowsOf(stream.facts, stream.months, elsewhere) : [];
  const rows = [...near, ...far];
  return rows.flatMap((row) => {
    const event = accepted.get(row.event.sequence);
    const isSame = event === undefined || membersThatDiffer(row.event, event).length === 0;
    return isSame ? [] : [{ row, accepted: event }];
  });
}

const members = ['sessionId', 'timeMs', 'organisationId', 'configurationId', 'tags', 'viewer'] as const;

/** Members in which two events of one identity differ. */
export function membersThatDiffer(one: SessionEvent, other: SessionEvent): string[] {
  return members.filter((member) =>
    member === 'tags' ? !areSame(one.tags, other.tags) : one[member] !== other[member],
  );
}

function areSame(one: readonly string[], other: readonly string[]): boolean {
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

function eventsByStream(entries: readonly JournalEntry[]): Map<string, Map<number, SessionEvent>> {
  const streams = new Map<string, Map<number, SessionEvent>>();
  for (const { producer, partition, sequence, body } of entries) {
    const decoded = decodeSessionEvent(body);
    if (decoded.kind !== 'event') continue;
    const key = stateKey(producer, partition);
    const events = streams.get(key) ?? new Map<number, SessionEvent>();
    streams.set(key, events.set(sequence, decoded.event));
  }
  return streams;
}
