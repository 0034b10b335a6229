import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';

const mostRowsPerStatement = 500_000;
const partsPerMonth = 16;
const dayMs = 86_400_000;

export interface DatasetPlan {
  readonly sessions: number;
  /** End of the period over which the session times are spread. */
  readonly endMs: number;
  readonly days: number;
  /** Number of distinct tags: 200 tags in 600 tag sets, or a million tags in random sets of one to three. */
  readonly tags: 'few' | 'million';
}

/**
 * Fills the event table with sessions of 1,000 configurations (a few of which are popular) and 50,000 viewers. Each
 * statement stores the sessions of one part of the period, so that each month has about 16 table parts. ClickHouse does
 * not merge them until `mergeMonths` is called.
 */
export async function fillTable(client: ClickHouseClient, plan: DatasetPlan): Promise<void> {
  await client.command({ query: 'SYSTEM STOP MERGES session_events' });
  const perPart = Math.ceil(plan.sessions / ((plan.days / 30) * partsPerMonth));
  const step = Math.min(mostRowsPerStatement, perPart);
  for (let first = 0; first < plan.sessions; first += step) {
    const count = Math.min(step, plan.sessions - first);
    await client.command({ query: insertStatement(plan, first, count) });
  }
}

/**
 * Merges the table parts of each selected month, as a running ClickHouse does within a few hours.
 * @param isMerged returns whether to merge a month, such as 202611.
 */
export async function mergeMonths(
  client: ClickHouseClient,
  isMerged: (month: number) => boolean,
): Promise<void> {
  const query = 'SELECT DISTINCT month FROM session_events ORDER BY month';
  const months = await (await client.query({ query, format: 'JSONEachRow' })).json<{ month: number }>();
  await client.command({ query: 'SYSTEM START MERGES session_events' });
  for (const { month } of months)
    if (isMerged(month))
      await client.command({ query: `OPTIMIZE TABLE session_events PARTITION ID '${month}' FINAL` });
  await client.command({ query: 'SYSTEM STOP MERGES session_events' });
}

function tagsExpression(tags: DatasetPlan['tags']): string {
  return tags === 'few'
    ? "arrayMap(i -> concat('tag-', toString((configuration * 7 + tagSet * 13 + i * 29) % 200)), range(1 + (configuration + tagSet) % 3))"
    : "arrayMap(i -> concat('tag-', toString(intHash64(number * 3 + i) % 1000000)), range(1 + rand(7) % 3))";
}

function insertStatement({ sessions, endMs, days, tags }: DatasetPlan, first: number, count: number): string {
  const startMs = endMs - days * dayMs;
  return `
  INSERT INTO session_events
    (organisation_id, configuration_id, session_id, time, tags, viewer, producer, partition, sequence)
  SELECT 'default', concat('configuration-', toString(configuration)), generateUUIDv7(number),
    fromUnixTimestamp64Milli(toInt64(${startMs} + ${days * dayMs} * number / ${sessions}), 'UTC'),
    ${tagsExpression(tags)},
    reinterpretAsUUID(sipHash128(rand(5) % 50000)), 'bench', 0, number + 1
  FROM (
    SELECT number, toUInt32(floor(1000 * pow(rand(3) / 4294967296, 3))) AS configuration,
      toUInt32(floor(4 * pow(rand(4) / 4294967296, 2))) AS tagSet
    FROM numbers(${first}, ${count})
  ) SETTINGS max_threads = 1, max_insert_threads = 1, max_partitions_per_insert_block = 0`;
}
