import type { SessionEvent } from '../../src/events/session-event.ts';
import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import { clickHouseTime } from '../../src/platform/clickhouse/literals.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { type DeadLetter, withReplacedViewers } from '../dead-letter/dead-letter.ts';
import type { Fence } from './clickhouse-fence.ts';
import { findAbsent } from './event-lookup.ts';
import type { EncodedRows, EventStore } from './event-store.ts';
import { readStreamState } from './read-stream-state.ts';
import { deadLetterQuery } from './statements/event-queries.ts';
import { encodeRow, eventColumns, eventStructure } from './statements/event-rows.ts';
import { oneBlockSettings, sendInsert } from './statements/one-block-insert.ts';
import { type KnownReplacements, noReplacements } from './viewers/known-replacements.ts';

/** The part of the event table that a store writes. */
export interface EventStoreScope {
  /** The only stream partition that the store accepts, or undefined if it accepts all of them. */
  readonly partition?: number | undefined;
  /**
   * Protects against other processes that write to the same table. Without a fence, this process must be the
   * only writer.
   */
  readonly fence?: Fence | undefined;
  /** Replacements for forgotten viewers. Default: none. */
  readonly viewers?: KnownReplacements;
}

/**
 * Creates the event store on ClickHouse, embedded or on a server. With chdb, wrap it in `withWriteCheck`, because
 * chdb can report a failed write as a success.
 */
export function createClickHouseEventStore(
  client: ClickHouseClient,
  clock: Clock,
  { partition, fence, viewers = noReplacements }: EventStoreScope = {},
): EventStore {
  const scope = partition === undefined ? '1' : `partition = ${partition}`;

  async function rows<T>(query: string): Promise<T[]> {
    const result = await client.query({ query, format: 'JSONEachRow' });
    return result.json<T>();
  }

  return {
    partition,
    async readState() {
      await fence?.take();
      await viewers.refresh();
      return readStreamState(scope, rows);
    },
    encode(events) {
      if (partition !== undefined) assertPartition(events, partition);
      return encodeRows(events.map(viewers.current().event));
    },
    async insert(encoded) {
      await (fence === undefined ? insert(client, encoded) : insertFenced(client, fence, encoded));
      await viewers.refresh();
    },
    insertDeadLetters: (letters) =>
      insertDeadLetters(client, withReplacedViewers(letters, viewers.current()), clock.nowMs()),
    async hasDeadLetter(id) {
      return (await rows(deadLetterQuery(id))).length > 0;
    },
    absentOf: (events) => findAbsent(events, rows),
  };
}

/**
 * Throws if an event belongs to another partition. A relay cannot have sent such an event here, because it derives
 * the partition from the event identity.
 */
function assertPartition(events: readonly SessionEvent[], expected: number): void {
  for (const { partition } of events)
    if (partition !== expected)
      throw new Error(`an event of partition ${partition} was found in partition ${expected}`);
}

function encodeRows(events: readonly SessionEvent[]): EncodedRows {
  return { count: events.length, pieces: [events.map((event) => `${encodeRow(event)}\n`).join('')] };
}

const insertInto = `INSERT INTO session_events (${eventColumns})`;
const rowsFormat = `SETTINGS ${oneBlockSettings} FORMAT JSONCompactEachRow`;

async function insert(client: ClickHouseClient, { pieces }: EncodedRows): Promise<void> {
  await sendInsert(client, `${insertInto} ${rowsFormat}`, pieces);
}

async function insertFenced(
  client: ClickHouseClient,
  fence: Fence,
  { count, pieces }: EncodedRows,
): Promise<void> {
  const statement = `${insertInto} ${fence.select(eventStructure)} ${rowsFormat}`;
  fence.checkWritten(count, await sendInsert(client, statement, pieces, fence.nextQueryId()));
}

async function insertDeadLetters(
  client: ClickHouseClient,
  letters: readonly DeadLetter[],
  nowMs: number,
): Promise<void> {
  const first_seen = clickHouseTime(nowMs);
  const body = letters.map((letter) => JSON.stringify({ ...letter, first_seen })).join('\n');
  const statement = `INSERT INTO dead_letters SETTINGS ${oneBlockSettings} FORMAT JSONEachRow`;
  await sendInsert(client, statement, [body]);
}
