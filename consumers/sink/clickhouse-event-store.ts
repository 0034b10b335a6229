import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { SessionEvent } from '../../src/events/session-event.ts';
import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { EventStore } from './event-store.ts';
import { type LedgerLine, producerStateOf, type StreamState, stateFromLedger } from './stream-state.ts';

const columns =
  'organisation_id, configuration_id, session_id, time, tags, viewer, producer, partition, sequence';

/**
 * One block per insert, so that a batch is one part (in each month it touches): atomic. Asynchronous inserts,
 * several threads and parallel parsing would each cut it into several (docs/delivery.md, 8). Months are not
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
 * (refuse-failed-writes.ts).
 */
export function createClickHouseEventStore(
  client: ClickHouseClient,
  clock: Clock,
  { queryIdPrefix = '' }: { readonly queryIdPrefix?: string } = {},
): EventStore {
  async function rows<T>(query: string): Promise<T[]> {
    const result = await client.query({ query, format: 'JSONEachRow' });
    return result.json<T>();
  }

  async function send(statement: string, pieces: readonly string[]): Promise<void> {
    const result = await client.exec({
      query: statement,
      query_id: `${queryIdPrefix}${randomUUID()}`,
      values: Readable.from(pieces, { objectMode: false }),
    });
    result.stream.resume();
  }

  async function addHoles(state: StreamState, { producer, partition, highest }: Irregular): Promise<void> {
    const known = producerStateOf(state, producer, Number(partition));
    const holes = await rows<{ first: string; last: string }>(
      missingRangesQuery(producer, Number(partition)),
    );
    known.holes = holes.map(({ first, last }) => ({ first: Number(first), last: Number(last) }));
    known.highest = Number(highest);
  }

  return {
    async readState() {
      const lines = await rows<Record<keyof LedgerLine, string>>(ledgerQuery);
      const ledger = lines.map(({ producer, ...numbers }) => ({
        producer,
        partition: Number(numbers.partition),
        month: Number(numbers.month),
        highest: Number(numbers.highest),
        rows: Number(numbers.rows),
      }));
      const state = stateFromLedger(ledger);
      for (const irregular of await rows<Irregular>(irregularQuery)) await addHoles(state, irregular);
      return state;
    },

    encode: (events) => ({
      count: events.length,
      pieces: [events.map((event) => `${encodeRow(event)}\n`).join('')],
    }),

    insert: ({ pieces }) =>
      send(`INSERT INTO session_events (${columns}) SETTINGS ${oneBlock} FORMAT JSONCompactEachRow`, pieces),

    async insertDeadLetters(letters) {
      const first_seen = clickHouseTime(clock.nowMs());
      const body = letters.map((letter) => JSON.stringify({ ...letter, first_seen })).join('\n');
      await send(`INSERT INTO dead_letters SETTINGS ${oneBlock} FORMAT JSONEachRow`, [body]);
    },

    async isStored({ producer, partition, sequence }) {
      const found = await rows(
        `SELECT 1 FROM session_events
         WHERE producer = ${literal(producer)} AND partition = ${partition} AND sequence = ${sequence} LIMIT 1`,
      );
      return found.length > 0;
    },
  };
}

interface Irregular {
  readonly producer: string;
  readonly partition: string;
  readonly highest: string;
}

/** Answered by the projection `ledger` alone, without reading rows. */
export const ledgerQuery = `
  SELECT partition, producer, month, max(sequence) AS highest, count() AS rows
  FROM session_events GROUP BY partition, producer, month`;

/** Streams with dead letters, or with fewer rows than their highest sequence says. */
const irregularQuery = `
  SELECT partition, producer, max(top) AS highest FROM (
    SELECT partition, producer, highest AS top, rows FROM (${ledgerQuery})
    UNION ALL
    SELECT partition, producer, max(sequence) AS top, 0 AS rows
    FROM dead_letters WHERE sequence > 0 GROUP BY partition, producer
  ) GROUP BY partition, producer HAVING sum(rows) != max(top)`;

function missingRangesQuery(producer: string, partition: number): string {
  const where = `producer = ${literal(producer)} AND partition = ${partition}`;
  return `
  SELECT previous + 1 AS first, sequence - 1 AS last FROM (
    SELECT sequence, lagInFrame(sequence, 1, 0) OVER (
      ORDER BY sequence ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS previous
    FROM (
      SELECT sequence FROM session_events WHERE ${where}
      UNION DISTINCT SELECT sequence FROM dead_letters WHERE ${where} AND sequence > 0
    )
  ) WHERE sequence > previous + 1 ORDER BY first`;
}

/** A producer's name is checked when it is read (decode-session-event.ts); escaped here all the same. */
function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
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

/** UTC, as ClickHouse's basic parser reads DateTime64(3): `2026-11-21 08:43:52.178`. */
function clickHouseTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 23).replace('T', ' ');
}
