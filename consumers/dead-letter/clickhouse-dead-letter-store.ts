import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import { clickHouseTime, literal } from '../../src/platform/clickhouse/literals.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { DeadLetterStore, LetterFilter, StoredLetter } from './dead-letter-store.ts';

type LetterRow = Omit<StoredLetter, 'position' | 'sequence' | 'firstSeenMs' | 'replayedAtMs'> &
  Record<'position' | 'sequence' | 'firstSeenMs' | 'replayedAtMs', string>;

/** Creates a store that reads the dead letters in ClickHouse. */
export function createClickHouseDeadLetterStore(client: ClickHouseClient, clock: Clock): DeadLetterStore {
  async function rows<T>(query: string): Promise<T[]> {
    const result = await client.query({ query, format: 'JSONEachRow' });
    return result.json<T>();
  }

  async function read(conditions: readonly string[], limit: number): Promise<StoredLetter[]> {
    return (await rows<LetterRow>(lettersQuery(conditions, limit))).map(letterOf);
  }

  return {
    list: (filter) => read(conditionsOf(filter), filter.limit),
    async find(id) {
      const [letter] = await read([`id = ${literal(id)}`], 1);
      return letter;
    },
    async waitingIds(reason, afterId, limit) {
      const letters = await rows<{ id: string }>(unreplayedIdsQuery(reason, afterId, limit));
      return letters.map(({ id }) => id);
    },
    async markReplayed(ids) {
      if (ids.length > 0) await client.command({ query: markReplayedStatement(ids, clock.nowMs()) });
    },
  };
}

const isUnreplayed = `id NOT IN (SELECT id FROM dead_letter_replays)`;

function unreplayedIdsQuery(reason: string, afterId: string, limit: number): string {
  return `
  SELECT DISTINCT id FROM dead_letters FINAL
  WHERE reason = ${literal(reason)} AND id > ${literal(afterId)} AND ${isUnreplayed}
  ORDER BY id LIMIT ${limit}`;
}

function markReplayedStatement(ids: readonly string[], nowMs: number): string {
  return `INSERT INTO dead_letter_replays (id, replayed_at) SETTINGS async_insert = 0
    SELECT arrayJoin([${ids.map(literal).join(', ')}]), ${instant(nowMs)}`;
}

function conditionsOf({ reason, producer, sinceMs, includeReplayed = false }: LetterFilter): string[] {
  return [
    ...(reason === undefined ? [] : [`reason = ${literal(reason)}`]),
    ...(producer === undefined ? [] : [`producer = ${literal(producer)}`]),
    ...(sinceMs === undefined ? [] : [`first_seen >= ${instant(sinceMs)}`]),
    ...(includeReplayed ? [] : [isUnreplayed]),
  ];
}

function lettersQuery(conditions: readonly string[], limit: number): string {
  return `
  SELECT id, producer, partition, sequence, source, position, reason, body, encoding, headers,
    toUnixTimestamp64Milli(first_seen) AS firstSeenMs, toUnixTimestamp64Milli(replays.at) AS replayedAtMs
  FROM (
    SELECT * FROM dead_letters FINAL
    WHERE ${['1', ...conditions].join(' AND ')} ORDER BY first_seen DESC, id LIMIT ${limit}
  ) AS letters
  LEFT JOIN (SELECT id, min(replayed_at) AS at FROM dead_letter_replays GROUP BY id) AS replays
    ON replays.id = letters.id
  ORDER BY first_seen DESC, id`;
}

function instant(ms: number): string {
  return `toDateTime64(${literal(clickHouseTime(ms))}, 3, 'UTC')`;
}

function letterOf({ position, sequence, firstSeenMs, replayedAtMs, ...texts }: LetterRow): StoredLetter {
  const { id, producer, partition, source, reason, body, encoding, headers } = texts;
  return {
    ...{ id, producer, partition: Number(partition), sequence: Number(sequence) },
    ...{ source, position: Number(position), reason, body, encoding, headers },
    firstSeenMs: Number(firstSeenMs),
    // 0 (the epoch) means that the LEFT JOIN found no replay.
    replayedAtMs: Number(replayedAtMs) === 0 ? undefined : Number(replayedAtMs),
  };
}
