import { Readable } from 'node:stream';
import type { EventIdentity, SessionEvent } from '../../src/events/session-event.ts';
import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import { clickHouseTime, literal } from '../../src/platform/clickhouse/literals.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { standingLetters } from '../dead-letter/letters-query.ts';
import type { Fence } from './clickhouse-fence.ts';
import type { EventStore } from './event-store.ts';
import {
  type LedgerLine,
  producerStateOf,
  type StreamState,
  stateFromLedger,
  stateKey,
} from './stream-state.ts';

/** What of the table is this store's to write. */
export interface EventStoreScope {
  /** One partition of the stream; undefined: all of them. */
  readonly partition?: number | undefined;
  /** Holds the partition where other processes write to the same table; without one this process is the only writer. */
  readonly fence?: Fence | undefined;
}

const columnTypes = {
  organisation_id: 'String',
  configuration_id: 'String',
  session_id: 'UUID',
  time: "DateTime64(3, 'UTC')",
  tags: 'Array(String)',
  viewer: 'String',
  producer: 'String',
  partition: 'UInt32',
  sequence: 'UInt64',
};
const columns = Object.keys(columnTypes).join(', ');
const structure = Object.entries(columnTypes)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ');

/**
 * One block per insert, so that a batch is one part (in each month it touches): atomic. Asynchronous inserts,
 * several threads and parallel parsing would each cut it into several (docs/explanation/delivery.md, 8). Months are not
 * limited: a batch that is refused would be refused for ever. In the statement and
 * not beside it, since settings given with a call stick to a connection of chdb.
 */
const oneBlock = [
  'async_insert = 0',
  'max_insert_threads = 1',
  'input_format_parallel_parsing = 0',
  'max_insert_block_size = 1048576',
  'min_insert_block_size_rows = 1048576',
  'min_insert_block_size_bytes = 1073741824',
  'max_partitions_per_insert_block = 0',
].join(', ');

/**
 * The event table through @clickhouse/client, embedded or on a server. chdb needs a second look at what it answers
 * (write-check.ts).
 */
export function createClickHouseEventStore(
  client: ClickHouseClient,
  clock: Clock,
  { partition: own, fence }: EventStoreScope = {},
): EventStore {
  const scope = own === undefined ? '1' : `partition = ${own}`;

  async function rows<T>(query: string): Promise<T[]> {
    const result = await client.query({ query, format: 'JSONEachRow' });
    return result.json<T>();
  }

  /** @returns how many rows the server says that it wrote. */
  async function send(
    statement: string,
    pieces: readonly string[],
    queryId?: string,
  ): Promise<number | undefined> {
    const result = await client.exec({
      query: statement,
      values: Readable.from(pieces, { objectMode: false }),
      ...(queryId !== undefined && { query_id: queryId, clickhouse_settings: { wait_end_of_query: 1 } }),
    });
    result.stream.resume();
    return result.summary === undefined ? undefined : Number(result.summary.written_rows);
  }

  /** Identity is by partition: an event of another one is in a topic that was not made by a relay. */
  function refuseMisplaced(partition: number): void {
    if (partition !== own)
      throw new Error(`an event of partition ${partition} was found in partition ${own}`);
  }

  async function addHoles(state: StreamState, { producer, partition, highest }: Irregular): Promise<void> {
    const known = producerStateOf(state, producer, Number(partition));
    const holes = await rows<{ first: string; last: string }>(
      missingRangesQuery(producer, Number(partition), [...known.marks.keys()]),
    );
    known.holes = holes.map(({ first, last }) => ({ first: Number(first), last: Number(last) }));
    known.highest = Number(highest);
  }

  /** @param events of one producer and partition. */
  async function storedKeys(events: readonly EventIdentity[]): Promise<string[]> {
    const [first] = events;
    if (first === undefined) return [];
    const where = `producer = ${literal(first.producer)} AND partition = ${first.partition}`;
    const sequences = events.map(({ sequence }) => sequence);
    const months = await rows<{ month: string }>(
      monthsAroundQuery(where, Math.min(...sequences), Math.max(...sequences)),
    );
    if (months.length === 0) return [];
    const found = await rows<{ sequence: string }>(
      `SELECT sequence FROM session_events WHERE ${where} AND sequence IN (${sequences.join(', ')})
       AND ${inMonths(months.map(({ month }) => month))}`,
    );
    return found.map(({ sequence }) => identityKey({ ...first, sequence: Number(sequence) }));
  }

  return {
    async readState() {
      await fence?.take();
      const lines = await rows<Record<keyof LedgerLine, string>>(ledgerQuery(scope));
      const ledger = lines.map(({ producer, ...numbers }) => ({
        producer,
        partition: Number(numbers.partition),
        month: Number(numbers.month),
        highest: Number(numbers.highest),
        rows: Number(numbers.rows),
      }));
      const state = stateFromLedger(ledger);
      for (const irregular of await rows<Irregular>(irregularQuery(scope))) await addHoles(state, irregular);
      return state;
    },

    encode(events) {
      for (const { partition } of own === undefined ? [] : events) refuseMisplaced(partition);
      return { count: events.length, pieces: [events.map((event) => `${encodeRow(event)}\n`).join('')] };
    },

    async insert({ count, pieces }) {
      const into = `INSERT INTO session_events (${columns})`;
      const rowsAsJson = `SETTINGS ${oneBlock} FORMAT JSONCompactEachRow`;
      if (fence === undefined) await send(`${into} ${rowsAsJson}`, pieces);
      else {
        const written = await send(
          `${into} ${fence.select(structure)} ${rowsAsJson}`,
          pieces,
          fence.nextQueryId(),
        );
        fence.checkWritten(count, written);
      }
    },

    async insertDeadLetters(letters) {
      const first_seen = clickHouseTime(clock.nowMs());
      const body = letters.map((letter) => JSON.stringify({ ...letter, first_seen })).join('\n');
      await send(`INSERT INTO dead_letters SETTINGS ${oneBlock} FORMAT JSONEachRow`, [body]);
    },

    async absentOf<T extends EventIdentity>(events: readonly T[]) {
      const byIdentity = new Map(events.map((event) => [identityKey(event), event]));
      for (const stream of groupByStream([...byIdentity.values()]).values()) {
        for (let from = 0; from < stream.length; from += lookUpAtOnce) {
          for (const key of await storedKeys(stream.slice(from, from + lookUpAtOnce))) byIdentity.delete(key);
        }
      }
      return [...byIdentity.values()];
    },
  };
}

interface Irregular {
  readonly producer: string;
  readonly partition: string;
  readonly highest: string;
}

/** Answered by the projection `ledger` alone, without reading rows. */
export const ledgerQuery = (scope = '1') => `
  SELECT partition, producer, month, max(sequence) AS highest, count() AS rows
  FROM session_events WHERE ${scope} GROUP BY partition, producer, month`;

/** Streams with dead letters, or with fewer rows than their highest sequence says. */
const irregularQuery = (scope: string) => `
  SELECT partition, producer, max(top) AS highest FROM (
    SELECT partition, producer, highest AS top, rows FROM (${ledgerQuery(scope)})
    UNION ALL
    SELECT partition, producer, max(sequence) AS top, 0 AS rows
    FROM ${standingLetters} WHERE ${scope} GROUP BY partition, producer
  ) GROUP BY partition, producer HAVING sum(rows) != max(top)`;

/** What fits into one statement. */
const lookUpAtOnce = 5000;

function identityKey({ producer, partition, sequence }: EventIdentity): string {
  return `${stateKey(producer, partition)}/${sequence}`;
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

/** Months that may hold sequences between two, by the ledger alone: only their rows need to be read. */
function monthsAroundQuery(where: string, first: number, last: number): string {
  return `
  SELECT month FROM session_events WHERE ${where} GROUP BY partition, producer, month
  HAVING min(sequence) <= ${last} AND max(sequence) >= ${first}`;
}

function inMonths(months: readonly (number | string)[]): string {
  return months.length === 0 ? '0' : `toYYYYMM(time, 'UTC') IN (${months.join(', ')})`;
}

/** @param months those in which the ledger knows rows of this producer and partition. */
function missingRangesQuery(producer: string, partition: number, months: readonly number[]): string {
  const where = `producer = ${literal(producer)} AND partition = ${partition}`;
  return `
  SELECT previous + 1 AS first, sequence - 1 AS last FROM (
    SELECT sequence, lagInFrame(sequence, 1, 0) OVER (
      ORDER BY sequence ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS previous
    FROM (
      SELECT sequence FROM session_events WHERE ${where} AND ${inMonths(months)}
      UNION DISTINCT SELECT sequence FROM ${standingLetters} WHERE ${where}
    )
  ) WHERE sequence > previous + 1 ORDER BY first`;
}

/**
 * Half the cost of JSON.stringify over the whole row: ids, viewer and producer are checked when they are read
 * (decode-session-event.ts) and have nothing to escape. Only tags can hold any text.
 */
function encodeRow(event: SessionEvent): string {
  const { organisationId, configurationId, sessionId, viewer, producer } = event;
  return (
    `["${organisationId}","${configurationId}","${sessionId}","${decimalSeconds(event.timeMs)}",` +
    `${JSON.stringify(event.tags)},"${viewer}","${producer}",${event.partition},${event.sequence}]`
  );
}

/** As DateTime64(3) reads it from text, of any time from 2015 to 2100: `1795250632.178`. */
function decimalSeconds(timeMs: number): string {
  const digits = String(timeMs);
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`;
}
