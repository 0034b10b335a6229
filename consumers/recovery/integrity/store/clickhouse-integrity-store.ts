import { archiveCondition, readArchives } from '../../../../src/events/archived-months.ts';
import { type Grain, grains } from '../../../../src/events/grains.ts';
import { createViewerReplacer, type ViewerReplacer } from '../../../../src/events/viewer-replacement.ts';
import { chunksOf } from '../../../../src/platform/background/batching.ts';
import {
  type ReplacementRow,
  replacementsQuery,
  toReplacement,
} from '../../../store/viewers/replacement-statements.ts';
import type { StreamName } from '../model/compare.ts';
import { type SequenceSet, setOf } from '../model/ranges.ts';
import type { DoubledSession } from '../model/report.ts';
import {
  decodeDoubledSession,
  decodePlacedRow,
  decodeRange,
  decodeStreamMonth,
  joinMonths,
  type RawRow,
  type Texts,
} from './decode-rows.ts';
import * as queries from './integrity-queries.ts';
import type { IntegrityStore, PlacedRow, RollUpDigest, StreamMonth, TimeWindow } from './integrity-store.ts';
import { removeStatement } from './remove-statement.ts';

/** Runs statements on ClickHouse. The API uses its query pool; a command uses its own connection. */
export interface IntegrityConnection {
  rows<T>(sql: string, settings?: string): Promise<T[]>;
  /** Runs a statement. Resolves when the statement is complete. */
  run(sql: string): Promise<void>;
}

/** Maximum number of session ids that one query compares. The query uses about 100 MB. */
const idsPerQuery = 2_000_000;
const rangesPerQuery = 200;

/** Creates the store through which checks and repairs read and change the event table. */
export function createClickHouseIntegrityStore(connection: IntegrityConnection): IntegrityStore {
  const { rows, run } = connection;
  const rowsWithoutProjections = <T>(sql: string) => rows<T>(sql, queries.byRows);
  return {
    projections: grains.map(({ name }) => name),
    async ledger() {
      return joinMonths([
        ...(await readMonths(connection, queries.ledgerMonthsQuery)),
        ...(await readArchivedMonths(connection)),
      ]);
    },
    async countedRows(month) {
      const archived = (await readArchivedMonths(connection)).filter((line) => line.month === month);
      const counted = await readMonths(connection, queries.countedRowsQuery(month), queries.byRows);
      return joinMonths([...counted, ...archived]);
    },
    letters: () => readLetters(connection),
    replacer: () => readReplacer(connection),
    rowsOf: (stream, months, sequences, window) => readRows(connection, stream, months, sequences, window),
    doubledSessions: (month, rowCount, limit) => readDoubledSessions(connection, month, rowCount, limit),
    rollUp: (projection, month, from) => readRollUp(connection, projection, month, from),

    async sequencesOf(stream, months) {
      const sql = queries.sequencesQuery(stream, months);
      const stored = await rowsWithoutProjections<Texts<'first' | 'last'>>(sql);
      const archived = queries.archivedRangesQuery(stream, await droppedCondition(connection));
      return setOf([...stored, ...(await rows<Texts<'first' | 'last'>>(archived))].map(decodeRange));
    },
    async namelessLetters() {
      const [line] = await rows<Texts<'n'>>(queries.namelessLettersQuery);
      return Number(line?.n ?? 0);
    },
    async doubledSequences(stream, months, limit) {
      const sql = queries.doubledSequencesQuery(stream, months, limit);
      return (await rowsWithoutProjections<Texts<'sequence'>>(sql)).map(({ sequence }) => Number(sequence));
    },
    async remove(placedRows) {
      if (placedRows.length > 0) await run(removeStatement(placedRows));
    },
  };
}

async function readMonths(
  { rows }: IntegrityConnection,
  sql: string,
  settings?: string,
): Promise<StreamMonth[]> {
  return (await rows<Record<keyof StreamMonth, string>>(sql, settings)).map(decodeStreamMonth);
}

/** Returns the SQL condition for the archives whose sessions are dropped. */
async function droppedCondition({ rows }: IntegrityConnection): Promise<string> {
  return archiveCondition((await readArchives(rows)).filter(({ isStored }) => !isStored));
}

async function readArchivedMonths(connection: IntegrityConnection): Promise<StreamMonth[]> {
  return readMonths(connection, queries.archivedMonthsQuery(await droppedCondition(connection)));
}

async function readLetters({ rows }: IntegrityConnection) {
  const lines = await rows<Texts<'producer' | 'partition' | 'first' | 'last'>>(queries.lettersQuery);
  return lines.map((line) => ({
    producer: line.producer,
    partition: Number(line.partition),
    ...decodeRange(line),
  }));
}

async function readRows(
  { rows }: IntegrityConnection,
  stream: StreamName,
  months: readonly number[],
  sequences: SequenceSet,
  window: TimeWindow | undefined,
): Promise<PlacedRow[]> {
  const placedRows: PlacedRow[] = [];
  const replacer = await readReplacer({ rows });
  for (const ranges of chunksOf(sequences, rangesPerQuery)) {
    const sql = queries.rowsQuery(stream, months, ranges, window);
    for (const row of await rows<RawRow>(sql, queries.byRows)) {
      const placed = decodePlacedRow(row);
      placedRows.push({ ...placed, event: replacer.event(placed.event) });
    }
  }
  return placedRows;
}

async function readReplacer({ rows }: Pick<IntegrityConnection, 'rows'>): Promise<ViewerReplacer> {
  return createViewerReplacer((await rows<ReplacementRow>(replacementsQuery)).map(toReplacement));
}

async function readDoubledSessions(
  { rows }: IntegrityConnection,
  month: number,
  rowCount: number,
  limit: number,
): Promise<DoubledSession[]> {
  const sessions: DoubledSession[] = [];
  const count = Math.max(1, Math.ceil(rowCount / idsPerQuery));
  for (let index = 0; index < count && sessions.length < limit; index += 1) {
    const sql = queries.doubledSessionsQuery(month, { index, count }, limit - sessions.length);
    for (const { events } of await rows<{ events: unknown[][] }>(sql, queries.byRows))
      sessions.push(decodeDoubledSession(events));
  }
  return sessions;
}

async function readRollUp(
  { rows }: IntegrityConnection,
  projection: string,
  month: number,
  from: 'projection' | 'rows',
): Promise<RollUpDigest> {
  // In a month without rows, such as a dropped month, ClickHouse uses no projection. A query that forces one would fail.
  const [stored] = await rows<Texts<'n'>>(queries.storedRowsQuery(month));
  if (Number(stored?.n) === 0) return { sessions: 0, digest: '' };
  const settings = from === 'rows' ? queries.byRows : queries.byProjection(projection);
  const sql = queries.rollUpQuery(grainOf(projection), month);
  const [line] = await rows<Texts<'sessions' | 'digest'>>(sql, settings);
  return { sessions: Number(line?.sessions ?? 0), digest: line?.digest ?? '' };
}

function grainOf(projection: string): Grain {
  const grain = grains.find(({ name }) => name === projection);
  if (grain === undefined) throw new Error(`no projection is called ${projection}`);
  return grain;
}
