import { storedViewer } from '../../../../src/events/stored-viewer.ts';
import type { SequenceRange } from '../../../store/stream-state.ts';
import type { DoubledSession } from '../model/report.ts';
import type { PlacedRow, StreamMonth } from './integrity-store.ts';

/** A result row in which ClickHouse returns every number as text. */
export type Texts<Name extends string> = Readonly<Record<Name, string>>;
export type RawRow = Readonly<Record<string, unknown>>;

export function decodeRange({ first, last }: Texts<'first' | 'last'>): SequenceRange {
  return { first: Number(first), last: Number(last) };
}

/** Decodes a ledger row, or a row of `countedRowsQuery`. */
export function decodeStreamMonth(line: Record<keyof StreamMonth, string>): StreamMonth {
  return {
    producer: line.producer,
    partition: Number(line.partition),
    month: Number(line.month),
    rows: Number(line.rows),
    distinct: line.distinct === undefined ? undefined : Number(line.distinct),
    lowest: Number(line.lowest),
    highest: Number(line.highest),
  };
}

/**
 * Adds up the counts of rows and archives for each producer, partition and month. The caller passes only archives whose
 * sessions are dropped, so no session is counted twice.
 */
export function joinMonths(lines: readonly StreamMonth[]): StreamMonth[] {
  const joined = new Map<string, StreamMonth>();
  for (const line of lines) {
    const key = `${line.partition}/${line.producer}/${line.month}`;
    const known = joined.get(key);
    joined.set(key, known === undefined ? line : join(known, line));
  }
  return [...joined.values()];
}

function join(one: StreamMonth, other: StreamMonth): StreamMonth {
  return {
    ...one,
    rows: one.rows + other.rows,
    distinct:
      one.distinct === undefined && other.distinct === undefined
        ? undefined
        : (one.distinct ?? one.rows) + (other.distinct ?? other.rows),
    lowest: Math.min(one.lowest, other.lowest),
    highest: Math.max(one.highest, other.highest),
  };
}

/** Decodes a row of the event table, with its location. */
export function decodePlacedRow(raw: RawRow): PlacedRow {
  const text = (name: string) => String(raw[name]);
  return {
    event: {
      organisationId: text('organisation_id'),
      configurationId: text('configuration_id'),
      sessionId: text('toString(session_id)'),
      timeMs: Number(raw['toUnixTimestamp64Milli(time)']),
      tags: raw['tags'] as string[],
      viewer: text(storedViewer),
      producer: text('producer'),
      partition: Number(raw['partition']),
      sequence: Number(raw['sequence']),
    },
    month: Number(raw['month']),
    part: text('_part'),
    offset: Number(raw['_part_offset']),
  };
}

/** Decodes a session with several event identities, and sorts its events. */
export function decodeDoubledSession(events: readonly unknown[][]): DoubledSession {
  return {
    events: events
      .map(([producer, partition, sequence]) => ({
        producer: String(producer),
        partition: Number(partition),
        sequence: Number(sequence),
      }))
      .sort((one, other) => one.producer.localeCompare(other.producer) || one.sequence - other.sequence),
  };
}
