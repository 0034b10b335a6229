import type { EventIdentity } from '../../src/events/session-event.ts';
import { chunksOf } from '../../src/platform/background/batching.ts';
import { archivedSequences } from './archived-sequences.ts';
import {
  type ArchivedSequences,
  archivedRangesQuery,
  monthsOfRangeQuery,
  storedSequencesQuery,
  streamCondition,
} from './statements/event-queries.ts';
import { identityKey, stateKey } from './stream-state.ts';

/** Runs a query and returns its rows. */
export type QueryRows = <T>(query: string) => Promise<T[]>;

/** Maximum number of sequences in one statement. */
const sequencesPerQuery = 5000;

/**
 * Looks up each event by its exact identity. Returns the events that have neither a row nor an archived sequence, without
 * duplicates.
 */
export async function findAbsent<T extends EventIdentity>(
  events: readonly T[],
  rows: QueryRows,
): Promise<T[]> {
  const archived = await archivedSequences(rows);
  const byIdentity = new Map(events.map((event) => [identityKey(event), event]));
  for (const stream of groupByStream([...byIdentity.values()]).values()) {
    for (const chunk of chunksOf(stream, sequencesPerQuery)) {
      const stored = [
        ...(await findStored(chunk, rows)),
        ...(archived === undefined ? [] : await findArchived(chunk, archived, rows)),
      ];
      for (const identity of stored) byIdentity.delete(identityKey(identity));
    }
  }
  return [...byIdentity.values()];
}

/**
 * Returns the identities of the events that have a row.
 *
 * @param events events of one producer and partition.
 */
async function findStored(events: readonly EventIdentity[], rows: QueryRows): Promise<EventIdentity[]> {
  const [first] = events;
  if (first === undefined) return [];
  const { producer, partition } = first;
  const condition = streamCondition(producer, partition);
  const sequences = events.map(({ sequence }) => sequence);
  const months = await rows<{ month: string }>(
    monthsOfRangeQuery(condition, Math.min(...sequences), Math.max(...sequences)),
  );
  if (months.length === 0) return [];
  const stored = await rows<{ sequence: string }>(
    storedSequencesQuery(
      condition,
      sequences,
      months.map(({ month }) => month),
    ),
  );
  return stored.map(({ sequence }) => ({ producer, partition, sequence: Number(sequence) }));
}

/** Returns the events whose sequence is archived. All events must have the same producer and partition. */
async function findArchived(
  events: readonly EventIdentity[],
  archived: ArchivedSequences,
  rows: QueryRows,
): Promise<EventIdentity[]> {
  const [first] = events;
  if (first === undefined) return [];
  const condition = streamCondition(first.producer, first.partition);
  const sequences = events.map(({ sequence }) => sequence);
  const ranges = await rows<{ first: string; last: string }>(
    archivedRangesQuery(condition, archived, Math.min(...sequences), Math.max(...sequences)),
  );
  return events.filter(({ sequence }) =>
    ranges.some((range) => Number(range.first) <= sequence && sequence <= Number(range.last)),
  );
}

function groupByStream<T extends EventIdentity>(events: readonly T[]): Map<string, T[]> {
  const streams = new Map<string, T[]>();
  for (const event of events) {
    const key = stateKey(event.producer, event.partition);
    const stream = streams.get(key);
    if (stream === undefined) streams.set(key, [event]);
    else stream.push(event);
  }
  return streams;
}
