import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import { createEmbeddedStreams, createServerStreams } from '../../../src/platform/clickhouse/client.ts';
import { createQueryPool } from '../../../src/platform/clickhouse/pool.ts';
import { withViewers } from '../../../src/usage/measures/measures.ts';
import { createClickHouseUsageStore } from '../../../src/usage/query/clickhouse-usage-store.ts';
import { planUsage } from '../../../src/usage/query/plan.ts';
import {
  everything,
  type GroupBy,
  singleSpan,
  type UsageQuery,
  windowQuery,
} from '../../../src/usage/query/query.ts';
import { usageSql } from '../../../src/usage/query/sql.ts';
import type { UsageGroup, UsageResult } from '../../../src/usage/query/usage-store.ts';
import {
  anyBuckets,
  anyFilter,
  anyMillisecondWindow,
  bucketOf,
  countViewersPlainly,
  fromMs,
  keysOf,
  randomEvents,
} from '../../integration/clickhouse/counted.ts';
import { engines, useEventTable } from '../../integration/clickhouse/event-table.ts';

const groupBys: readonly GroupBy[] = ['none', 'configuration', 'tag', 'organisation'];
const dayMs = 86_400_000;

describe.each(engines)('unique viewers %s', (engine) => {
  const table = useEventTable(engine);
  const events = randomEvents(2000, 20261122);
  const storeOf = () => {
    const { client } = table;
    const isEmbedded = engine === 'in this process';
    const streams = isEmbedded ? createEmbeddedStreams(table.directory) : createServerStreams(client);
    return createClickHouseUsageStore(createQueryPool([client], streams, { queryTimeoutMs: 30_000 }));
  };

  beforeAll(async () => {
    for (let start = 0; start < events.length; start += 1000)
      await table.store.insert(table.store.encode(events.slice(start, start + 1000)));
  });

  const anyQuery: fc.Arbitrary<UsageQuery> = fc
    .record({
      filter: anyFilter,
      groupBy: fc.constantFrom(...groupBys),
      window: anyMillisecondWindow,
      buckets: anyBuckets,
      previous: fc.option(anyMillisecondWindow, { nil: undefined }),
      limit: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      viewers: fc.constantFrom('exact' as const, 'approximate' as const),
    })
    .map(({ window, buckets, previous, limit, ...query }) => ({
      ...query,
      order: { by: 'range', descending: true },
      spans: [
        { name: 'range', stretches: [{ window, buckets }] },
        ...(previous === undefined ? [] : [singleSpan('previous', previous)]),
      ],
      ...(limit !== undefined && { limit }),
    }));

  /** Expects that the viewer count of a group matches a direct count, in total and in each bucket. */
  function expectPlainViewers(
    { filter, spans }: UsageQuery,
    { viewers }: UsageGroup,
    isOfGroup: (event: SessionEvent) => boolean,
  ): void {
    const stretch = spans[0]?.stretches[0];
    const ofGroup = events.filter(isOfGroup);
    const counted = (keysOfEvent: (event: SessionEvent) => (string | null)[]) =>
      countViewersPlainly(ofGroup, filter, keysOfEvent, stretch?.window);
    expect(viewers?.total).toBe(counted(() => [null]).get(null) ?? 0);
    if (stretch === undefined || stretch.buckets.kind === 'one') return;
    const { buckets } = stretch;
    const byBucket = counted((event) => [String(bucketOf(event, buckets))]);
    const actual = [...(viewers?.buckets ?? [])].map(([bucket, count]) => [String(bucket), count] as const);
    expect(new Map(actual)).toEqual(byBucket);
  }

  function expectResult(query: UsageQuery, { all, groups, rest }: UsageResult): void {
    const { groupBy, limit } = query;
    expectPlainViewers(query, all, () => true);
    for (const group of groups)
      expectPlainViewers(query, group, (event) => keysOf(event, groupBy).includes(group.key));
    if (limit === undefined || groupBy === 'none') {
      expect(rest).toBeUndefined();
      return;
    }
    expect(groups.length).toBeLessThanOrEqual(limit);
    const shownKeys = new Set(groups.map(({ key }) => key));
    const isOfRest = (event: SessionEvent) => keysOf(event, groupBy).some((key) => !shownKeys.has(key));
    expectPlainViewers(query, rest ?? all, isOfRest);
  }

  it('match a direct count, and do not change the session counts of the same query', async () => {
    const store = storeOf();
    await fc.assert(
      fc.asyncProperty(anyQuery, async (query) => {
        const result = await store.read(planUsage(query));
        expectResult(query, result);
        const withoutViewers = await store.read(planUsage({ ...query, viewers: undefined }));
        const counts = ({ all, groups }: UsageResult) =>
          [all, ...groups].map(({ key, sessions, uses, lastUsedMs, points }) => ({
            ...{
              key,
              sessions,
              uses,
              lastUsedMs,
              points: new Set(points.map((point) => JSON.stringify(point))),
            },
          }));
        expect(counts(result)).toEqual(counts(withoutViewers));
      }),
      { numRuns: 10 },
    );
  }, 300_000);

  it('match a direct count if the statement is longer than the 256 KiB that ClickHouse accepts by default', async () => {
    // Buckets that do not start at a quarter hour need a window for each bucket.
    const firstStart = 1_795_190_401;
    const starts = Array.from({ length: 600 }, (_, hour) => firstStart + hour * 3600);
    const query: UsageQuery = {
      ...{ groupBy: 'tag', viewers: 'exact', order: { by: 'range', descending: true }, limit: 1 },
      filter: { organisationId: undefined, configurationIds: [], tags: [], match: 'any', untagged: true },
      spans: [
        {
          name: 'range',
          stretches: [
            {
              window: { startMs: 1_792_454_400_000, endMs: 1_799_366_400_000 },
              buckets: { kind: 'starts', starts },
            },
          ],
        },
      ],
    };
    expect(usageSql(planUsage(query)).sql.length).toBeGreaterThan(256 * 1024);
    expectResult(query, await storeOf().read(planUsage(query)));
  }, 120_000);

  it('also match a direct count if the result is streamed', async () => {
    const store = storeOf();
    await fc.assert(
      fc.asyncProperty(anyQuery, async (query) => {
        const { all, groups: batches } = await store.stream(planUsage(query));
        const streamed: UsageGroup[] = [];
        for await (const batch of batches) streamed.push(...batch);
        expectResult(query, {
          ...{ all, groups: streamed.filter(({ isRest }) => !isRest) },
          rest: streamed.find(({ isRest }) => isRest),
        });
      }),
      { numRuns: 5 },
    );
  }, 300_000);

  it('are counted in the same snapshot as the sessions while rows are inserted', async () => {
    const query: UsageQuery = {
      ...windowQuery(everything(), 'configuration', { startMs: fromMs, endMs: fromMs + dayMs }),
      viewers: 'exact',
    };
    const client = table.connect();
    const pool = createQueryPool([client], createServerStreams(client), { queryTimeoutMs: 30_000 });
    const reader = createClickHouseUsageStore(pool);
    let isReading = true;
    let inserted = 0;
    const arriving = (async () => {
      for (; isReading; inserted += 1) {
        const [event] = randomEvents(1, inserted + 1);
        // Each session has its own viewer and its own configuration, so that both counts are the same.
        const viewer = inserted.toString(16).padStart(32, 'f');
        if (event !== undefined)
          await table.store.insert(table.store.encode([{ ...event, configurationId: 'fresh', viewer }]));
      }
    })();
    const totals = new Set<number | undefined>();
    try {
      for (let round = 0; round < 25; round += 1) {
        const { groups } = await reader.read(planUsage(query));
        const fresh = groups.find(({ key }) => key === 'fresh');
        expect(fresh?.viewers?.total).toBe(fresh?.sessions.total);
        totals.add(fresh?.sessions.total);
      }
    } finally {
      isReading = false;
      await arriving;
      await client.close();
    }
    // Different totals prove that rows were inserted between the reads.
    expect(totals.size).toBeGreaterThan(3);
  }, 300_000);
});

describe('the count of unique viewers', () => {
  const table = useEventTable();
  const insert = (count: number, first: number) =>
    table.client.command({
      query: `INSERT INTO session_events (organisation_id, configuration_id, session_id, time, tags, viewer, producer, partition, sequence)
SELECT 'default', 'a', generateUUIDv4(), toDateTime64(${fromMs / 1000}, 3, 'UTC'), [], leftPad(hex(number), 32, '0'), 'p', 0, number + 1
FROM numbers(${first}, ${count})`,
    });

  it('is exact for up to one million sessions, and has an error of at most 1 % for more sessions', async () => {
    const { client } = table;
    const store = createClickHouseUsageStore(
      createQueryPool([client], createEmbeddedStreams(table.directory), { queryTimeoutMs: 60_000 }),
    );
    const read = async () => {
      const day = { startMs: fromMs, endMs: fromMs + dayMs };
      const counted = windowQuery(everything(), 'configuration', day);
      const query = await withViewers(store, counted, new Set(['uniqueViewers']));
      const { all, groups } = await store.read(planUsage(query));
      return { counting: query.viewers, viewers: [all, ...groups].map((group) => group.viewers?.total ?? 0) };
    };
    await insert(1_000_000, 0);
    expect(await read()).toEqual({ counting: 'exact', viewers: [1_000_000, 1_000_000] });
    await insert(1, 1_000_000);
    const { counting, viewers } = await read();
    expect(counting).toBe('approximate');
    for (const count of viewers) expect(Math.abs(count / 1_000_001 - 1)).toBeLessThan(0.01);
  }, 300_000);
});
