import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';

const rowsPerStatement = 500_000;
const dayMs = 86_400_000;

export interface DatasetPlan {
  readonly sessions: number;
  /** End of the period over which the session times are spread. */
  readonly endMs: number;
  readonly days: number;
}

/**
 * Fills the event table with sessions of 1,000 configurations (a few of which are popular), 200 tags in 600 tag sets
 * and 50,000 viewers. Each statement stores the sessions of one part of the period. At the end, the parts of every
 * month are merged, as a running ClickHouse does within a few hours.
 */
export async function fillTable(client: ClickHouseClient, plan: DatasetPlan): Promise<void> {
  for (let first = 0; first < plan.sessions; first += rowsPerStatement) {
    const count = Math.min(rowsPerStatement, plan.sessions - first);
    await client.command({ query: insertStatement(plan, first, count) });
  }
  await client.command({ query: 'OPTIMIZE TABLE session_events FINAL' });
}

function insertStatement({ sessions, endMs, days }: DatasetPlan, first: number, count: number): string {
  const startMs = endMs - days * dayMs;
  return `
  INSERT INTO session_events
    (organisation_id, configuration_id, session_id, time, tags, viewer, producer, partition, sequence)
  SELECT 'default', concat('configuration-', toString(configuration)), generateUUIDv7(number),
    fromUnixTimestamp64Milli(toInt64(${startMs} + ${days * dayMs} * number / ${sessions}), 'UTC'),
    arrayMap(i -> concat('tag-', toString((configuration * 7 + tagSet * 13 + i * 29) % 200)), range(1 + (configuration + tagSet) % 3)),
    reinterpretAsUUID(sipHash128(rand(5) % 50000)), 'bench', 0, number + 1
  FROM (
    SELECT number, toUInt32(floor(1000 * pow(rand(3) / 4294967296, 3))) AS configuration,
      toUInt32(floor(4 * pow(rand(4) / 4294967296, 2))) AS tagSet
    FROM numbers(${first}, ${count})
  ) SETTINGS max_threads = 1, max_insert_threads = 1, max_partitions_per_insert_block = 0`;
}
