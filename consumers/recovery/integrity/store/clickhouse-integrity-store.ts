import { type Grain, grains } from '../../../../src/events/grains.ts';
import { literal } from '../../../../src/platform/clickhouse/literals.ts';
import { setOf } from '../model/ranges.ts';
import type { DoubledSession } from '../model/report.ts';
import * as queries from './integrity-queries.ts';
import type { IntegrityStore, PlacedRow, StreamMonth } from './integrity-store.ts';

/** How the store reaches ClickHouse: the API through its pool, a command through a connection of its own. */
export interface IntegrityConnection {
  rows<T>(sql: string, settings?: string): Promise<T[]>;
  /** Runs a statement to its end. */
  run(sql: string): Promise<void>;
}

/** Ids of sessions that are compared at once: about 100 MB. */
const idsAtOnce = 2_000_000;
const rangesAtOnce = 200;

/** The event table as the check and the repair see it. */
export function createClickHouseIntegrityStore({ rows, run }: IntegrityConnection): IntegrityStore {
  const plainly = <T>(sql: string) => rows<T>(sql, queries.byRows);

  async function months(sql: string, settings?: string): Promise<StreamMonth[]> {
    return (await rows<Record<keyof StreamMonth, string>>(sql, settings)).map((line) => ({
      producer: line.producer,
      partition: Number(line.partition),
      month: Number(line.month),
      rows: Number(line.rows),
      distinct: line.distinct === undefined ? undefined : Number(line.distinct),
      lowest: Number(line.lowest),
      highest: Number(line.highest),
    }));
  }

  return {
    projections: grains.map(({ name }) => name),
    ledger: () => months(queries.ledgerMonthsQuery),
    countedRows: (month) => months(queries.countedRowsQuery(month), queries.byRows),

    async sequencesOf(stream, inMonths) {
      return setOf(
        (await plainly<Texts<'first' | 'last'>>(queries.sequencesQuery(stream, inMonths))).map(rangeOf),
      );
    },
    async letters() {
      const lines = await rows<Texts<'producer' | 'partition' | 'first' | 'last'>>(queries.lettersQuery);
      return lines.map((line) => ({
        producer: line.producer,
        partition: Number(line.partition),
        ...rangeOf(line),
      }));
    },
    async namelessLetters() {
      const [line] = await rows<Texts<'n'>>(queries.namelessLettersQuery);
      return Number(line?.n ?? 0);
    },
    async doubledSequences(stream, inMonths, limit) {
      const lines = await plainly<Texts<'sequence'>>(queries.doubledSequencesQuery(stream, inMonths, limit));
      return lines.map(({ sequence }) => Number(sequence));
    },
    async rowsOf(stream, inMonths, sequences, window) {
      const found: PlacedRow[] = [];
      for (let from = 0; from < sequences.length; from += rangesAtOnce) {
        const some = sequences.slice(from, from + rangesAtOnce);
        for (const row of await plainly<RawRow>(queries.rowsQuery(stream, inMonths, some, window)))
          found.push(placedRow(row));
      }
      return found;
    },
    async doubledSessions(month, rowCount, limit) {
      const found: DoubledSession[] = [];
      const of = Math.max(1, Math.ceil(rowCount / idsAtOnce));
      for (let index = 0; index < of && found.length < limit; index += 1) {
        const sql = queries.doubledSessionsQuery(month, { index, of }, limit - found.length);
        for (const { events } of await plainly<{ events: unknown[][] }>(sql))
          found.push(doubledSession(events));
      }
      return found;
    },
    async rollUp(projection, month, from) {
      const settings = from === 'rows' ? queries.byRows : queries.byProjection(projection);
      const [line] = await rows<Texts<'sessions' | 'digest'>>(
        queries.rollUpQuery(grainOf(projection), month),
        settings,
      );
      return { sessions: Number(line?.sessions ?? 0), digest: line?.digest ?? '' };
    },
    async remove(places) {
      if (places.length > 0) await run(removal(places));
    },
  };
}

function grainOf(projection: string): Grain {
  const grain = grains.find(({ name }) => name === projection);
  if (grain === undefined) throw new Error(`no projection is called ${projection}`);
  return grain;
}

type Texts<Name extends string> = Readonly<Record<Name, string>>;
type RawRow = Readonly<Record<string, unknown>>;

function rangeOf({ first, last }: Texts<'first' | 'last'>) {
  return { first: Number(first), last: Number(last) };
}

function placedRow(raw: RawRow): PlacedRow {
  const text = (name: string) => String(raw[name]);
  return {
    event: {
      organisationId: text('organisation_id'),
      configurationId: text('configuration_id'),
      sessionId: text('toString(session_id)'),
      timeMs: Number(raw['toUnixTimestamp64Milli(time)']),
      tags: raw['tags'] as string[],
      viewer: text('viewer'),
      producer: text('producer'),
      partition: Number(raw['partition']),
      sequence: Number(raw['sequence']),
    },
    month: Number(raw['month']),
    part: text('_part'),
    offset: Number(raw['_part_offset']),
  };
}

function doubledSession(events: readonly unknown[][]): DoubledSession {
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

/**
 * One heavy mutation: it writes the parts anew with all their projections, where a lightweight DELETE is refused for a
 * table with projections (lightweight_mutation_projection_mode). A row is named by its part and its offset there; a
 * part never changes and its name never comes again, so if a merge was quicker nothing is removed. In one statement,
 * since a mutation gives every part a new name, also those of other months.
 */
function removal(places: readonly PlacedRow[]): string {
  const parts = new Map<string, PlacedRow[]>();
  for (const place of places) parts.set(place.part, [...(parts.get(place.part) ?? []), place]);
  const conditions = [...parts].map(([part, own]) => {
    const offsets = own.map(({ offset }) => offset).join(', ');
    const sequences = [...new Set(own.map(({ event }) => event.sequence))].join(', ');
    return `(_part = ${literal(part)} AND _part_offset IN (${offsets}) AND sequence IN (${sequences}))`;
  });
  return `ALTER TABLE session_events DELETE WHERE ${conditions.join(' OR ')} SETTINGS mutations_sync = 2`;
}
