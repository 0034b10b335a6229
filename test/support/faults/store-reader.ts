import { byProjection } from '../../../consumers/recovery/integrity/store/integrity-queries.ts';
import { storedViewer } from '../../../src/events/stored-viewer.ts';
import {
  type ClickHouseClient,
  createEmbeddedClickHouse,
  database,
} from '../../../src/platform/clickhouse/client.ts';

/** A row of session_events, read without projections. */
export interface StoredRow {
  readonly sessionId: string;
  readonly organisationId: string;
  readonly configurationId: string;
  readonly tags: readonly string[];
  readonly timeMs: number;
  readonly viewer: string;
  readonly producer: string;
  readonly partition: number;
  readonly sequence: number;
}

export interface StoredLetter {
  readonly producer: string;
  readonly partition: number;
  readonly sequence: number;
  readonly reason: string;
  readonly body: string;
}

/** A roll-up of the table, as its projection defines it. */
export interface RollUp {
  readonly projection: string;
  /** The GROUP BY expressions of the roll-up, as they appear in its SELECT list. */
  readonly keys: readonly string[];
  readonly groupBy: string;
  readonly measures: string;
  keyOf(row: StoredRow): readonly (string | readonly string[])[];
  measureOf(rows: readonly StoredRow[]): readonly string[];
}

export interface RollUpAnswers {
  readonly rollUp: RollUp;
  /** The rows of the roll-up in any order. Each row is JSON with a key and measures. */
  readonly fromProjection: readonly string[];
  readonly fromRows: readonly string[];
}

export interface StoredData {
  readonly rows: readonly StoredRow[];
  readonly letters: readonly StoredLetter[];
  readonly rollUps: readonly RollUpAnswers[];
  /** Partitions (months, `YYYYMM`) of the event table that have active parts. */
  readonly months: readonly string[];
}

const quarterMs = 900_000;

function countAndLast(rows: readonly StoredRow[]): string[] {
  return [String(rows.length), String(rows.reduce((last, { timeMs }) => Math.max(last, timeMs), 0))];
}

const countAndLastSql = 'toString(count()), toString(toUnixTimestamp64Milli(max(time)))';
const quarterOf = ({ timeMs }: StoredRow) => String(Math.floor(timeMs / quarterMs) * (quarterMs / 1000));
const dayOf = ({ timeMs }: StoredRow) => new Date(timeMs).toISOString().slice(0, 10);
const monthOf = ({ timeMs }: StoredRow) => new Date(timeMs).toISOString().slice(0, 7).replace('-', '');

function rollUp(
  projection: string,
  keys: Readonly<Record<string, (row: StoredRow) => string | readonly string[]>>,
  groupBy: string,
): RollUp {
  return {
    projection,
    keys: Object.keys(keys),
    groupBy,
    measures: countAndLastSql,
    keyOf: (row) => Object.values(keys).map((read) => read(row)),
    measureOf: countAndLast,
  };
}

const organisation = { organisation_id: (row: StoredRow) => row.organisationId };
const configuration = { configuration_id: (row: StoredRow) => row.configurationId };
const tags = { tags: (row: StoredRow) => row.tags };
const quarter = { 'toString(toUnixTimestamp(quarter))': quarterOf };

const rollUps: readonly RollUp[] = [
  rollUp('totals_by_configuration', organisation, 'organisation_id'),
  rollUp(
    'totals_by_configuration',
    { ...organisation, ...configuration },
    'organisation_id, configuration_id',
  ),
  rollUp('totals_by_tags', { ...configuration, ...tags }, 'configuration_id, tags'),
  rollUp('quarters', { ...organisation, ...quarter }, 'organisation_id, quarter'),
  rollUp('quarters_by_configuration', { ...configuration, ...quarter }, 'configuration_id, quarter'),
  rollUp('quarters_by_tags', { ...configuration, ...tags, ...quarter }, 'configuration_id, tags, quarter'),
  rollUp(
    'days_by_tags',
    { ...configuration, ...tags, 'toString(day)': dayOf },
    'configuration_id, tags, day',
  ),
  {
    ...rollUp(
      'ledger',
      {
        'toString(partition)': (row) => String(row.partition),
        producer: (row) => row.producer,
        'toString(month)': monthOf,
      },
      'partition, producer, month',
    ),
    measures: 'toString(max(sequence)), toString(min(sequence)), toString(count())',
    measureOf: (rows) => {
      const sequences = rows.map(({ sequence }) => sequence);
      const [highest, lowest] = sequences.reduce(
        ([high, low], sequence) => [Math.max(high, sequence), Math.min(low, sequence)],
        [0, Number.MAX_SAFE_INTEGER],
      );
      return [String(highest), String(lowest), String(rows.length)];
    },
  },
];

/** Opens the chdb directory of a process that has exited, and reads all data. */
export async function readStore(clickHouseDir: string): Promise<StoredData> {
  const client = createEmbeddedClickHouse(clickHouseDir);
  try {
    const answers: RollUpAnswers[] = [];
    for (const rollUp of rollUps) {
      answers.push({
        rollUp,
        fromProjection: await readRollUp(client, rollUp, byProjection(rollUp.projection)),
        fromRows: await readRollUp(client, rollUp, 'optimize_use_projections = 0'),
      });
    }
    return {
      rows: (await readLines(client, rowsQuery)).map(toRow),
      letters: (await readLines(client, lettersQuery)).map(toLetter),
      rollUps: answers,
      months: (await readLines(client, monthsQuery)).map(([month]) => String(month)),
    };
  } finally {
    await client.close();
  }
}

const rowsQuery = `
  SELECT toString(session_id), organisation_id, configuration_id, tags, toString(toUnixTimestamp64Milli(time)),
    ${storedViewer}, producer, toString(partition), toString(sequence)
  FROM ${database}.session_events SETTINGS optimize_use_projections = 0`;

const lettersQuery = `
  SELECT producer, toString(partition), toString(sequence), reason, body FROM ${database}.dead_letters FINAL`;

const monthsQuery = `
  SELECT DISTINCT partition FROM system.parts
  WHERE database = '${database}' AND table = 'session_events' AND active ORDER BY partition`;

function toRow(line: readonly unknown[]): StoredRow {
  const [sessionId, organisationId, configurationId, tagList, timeMs, viewer, producer, partition, sequence] =
    line;
  return {
    sessionId: String(sessionId),
    organisationId: String(organisationId),
    configurationId: String(configurationId),
    tags: tagList as string[],
    timeMs: Number(timeMs),
    viewer: String(viewer),
    producer: String(producer),
    partition: Number(partition),
    sequence: Number(sequence),
  };
}

function toLetter([producer, partition, sequence, reason, body]: readonly unknown[]): StoredLetter {
  return {
    producer: String(producer),
    partition: Number(partition),
    sequence: Number(sequence),
    reason: String(reason),
    body: String(body),
  };
}

async function readRollUp(client: ClickHouseClient, rollUp: RollUp, settings: string): Promise<string[]> {
  const { keys, measures, groupBy } = rollUp;
  const lines = await readLines(
    client,
    `SELECT ${keys.join(', ')}, ${measures} FROM ${database}.session_events GROUP BY ${groupBy} SETTINGS ${settings}`,
  );
  return lines.map((line) => JSON.stringify(line));
}

async function readLines(client: ClickHouseClient, query: string): Promise<unknown[][]> {
  const result = await client.query({ query, format: 'JSONCompactEachRow' });
  return result.json<unknown[]>() as Promise<unknown[][]>;
}
