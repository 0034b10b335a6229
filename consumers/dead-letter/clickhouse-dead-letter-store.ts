import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import { clickHouseTime, literal } from '../../src/platform/clickhouse/literals.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { DeadLetterStore, KeptLetter, LetterFilter } from './dead-letter-store.ts';

type Row = Omit<KeptLetter, 'position' | 'sequence' | 'firstSeenMs' | 'replayedAtMs'> &
  Record<'position' | 'sequence' | 'firstSeenMs' | 'replayedAtMs', string>;

/** The letters in ClickHouse. */
export function createClickHouseDeadLetterStore(client: ClickHouseClient, clock: Clock): DeadLetterStore {
  async function rows<T>(query: string): Promise<T[]> {
    const result = await client.query({ query, format: 'JSONEachRow' });
    return result.json<T>();
  }

  async function read(where: readonly string[], limit: number): Promise<KeptLetter[]> {
    return (await rows<Row>(lettersQuery(where, limit))).map(letterOf);
  }

  return {
    list: (filter) => read(conditionsOf(filter), filter.limit),
    async find(id) {
      const [letter] = await read([`id = ${literal(id)}`], 1);
      return letter;
    },
    async waitingIds(reason, afterId, limit) {
      const found = await rows<{ id: string }>(
        `SELECT DISTINCT id FROM dead_letters FINAL
         WHERE reason = ${literal(reason)} AND id > ${literal(afterId)} AND ${waiting}
         ORDER BY id LIMIT ${limit}`,
      );
      return found.map(({ id }) => id);
    },
    async markReplayed(ids) {
      if (ids.length === 0) return;
      const at = literal(clickHouseTime(clock.nowMs()));
      await client.command({
        query: `INSERT INTO dead_letter_replays (id, replayed_at) SETTINGS async_insert = 0
          SELECT arrayJoin([${ids.map(literal).join(', ')}]), toDateTime64(${at}, 3, 'UTC')`,
      });
    },
  };
}

const waiting = `id NOT IN (SELECT id FROM dead_letter_replays)`;

function conditionsOf({ reason, producer, sinceMs, includeReplayed = false }: LetterFilter): string[] {
  return [
    ...(reason === undefined ? [] : [`reason = ${literal(reason)}`]),
    ...(producer === undefined ? [] : [`producer = ${literal(producer)}`]),
    ...(sinceMs === undefined
      ? []
      : [`first_seen >= toDateTime64(${literal(clickHouseTime(sinceMs))}, 3, 'UTC')`]),
    ...(includeReplayed ? [] : [waiting]),
  ];
}

function lettersQuery(where: readonly string[], limit: number): string {
  return `
  SELECT id, producer, partition, sequence, source, position, reason, body, encoding, headers,
    toUnixTimestamp64Milli(first_seen) AS firstSeenMs, toUnixTimestamp64Milli(replays.at) AS replayedAtMs
  FROM (
    SELECT * FROM dead_letters FINAL
    WHERE ${['1', ...where].join(' AND ')} ORDER BY first_seen DESC, id LIMIT ${limit}
  ) AS letters
  LEFT JOIN (SELECT id, min(replayed_at) AS at FROM dead_letter_replays GROUP BY id) AS replays
    ON replays.id = letters.id
  ORDER BY first_seen DESC, id`;
}

function letterOf({ position, sequence, firstSeenMs, replayedAtMs, ...texts }: Row): KeptLetter {
  const { id, producer, partition, source, reason, body, encoding, headers } = texts;
  return {
    ...{ id, producer, partition: Number(partition), sequence: Number(sequence) },
    ...{ source, position: Number(position), reason, body, encoding, headers },
    firstSeenMs: Number(firstSeenMs),
    // A join without a partner gives the epoch.
    replayedAtMs: Number(replayedAtMs) === 0 ? undefined : Number(replayedAtMs),
  };
}
