import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { grains, hasKeys } from '../../../src/events/grains.ts';
import { createServerStreams } from '../../../src/platform/clickhouse/client.ts';
import { createQueryPool } from '../../../src/platform/clickhouse/pool.ts';
import { createClickHouseUsageStore } from '../../../src/usage/query/clickhouse-usage-store.ts';
import { planUsage } from '../../../src/usage/query/plan.ts';
import { everything, type GroupBy, singleSpan, type UsageQuery } from '../../../src/usage/query/query.ts';
import { usageSql } from '../../../src/usage/query/sql.ts';
import { anyBuckets, anyFilter, anyMillisecondWindow, fromMs, randomEvents } from './counted.ts';
import { engines, useEventTable } from './event-table.ts';
import { expectPlainCounts } from './plain-counts.ts';

const dayMs = 86_400_000;
const groupBys: readonly GroupBy[] = ['none', 'configuration', 'tag', 'organisation'];

describe.each(engines)('usage queries %s', (engine) => {
  const table = useEventTable(engine);
  const events = randomEvents(3000, 20261121);
  const byTotal = { by: 'total', descending: true } as const;

  beforeAll(async () => {
    // Each month has several parts, as after several inserts by the sink.
    for (let start = 0; start < events.length; start += 1000)
      await table.store.insert(table.store.encode(events.slice(start, start + 1000)));
  });

  const read = (query: UsageQuery, moreSettings = '', client = table.client) => {
    const pool = createQueryPool([client], createServerStreams(client), {
      queryTimeoutMs: 30_000,
    });
    const settled = {
      ...pool,
      rows: ((sql, params, settings) =>
        pool.rows(sql, params, `${settings}${moreSettings}`)) as typeof pool.rows,
    };
    return createClickHouseUsageStore(settled).read(planUsage(query));
  };

  /** Generates queries that count over all time, over a window with buckets, and over a previous window. */
  const anyQuery = fc
    .record({
      filter: anyFilter,
      groupBy: fc.constantFrom(...groupBys),
      window: anyMillisecondWindow,
      previous: anyMillisecondWindow,
      buckets: anyBuckets,
    })
    .map(({ filter, groupBy, window, previous, buckets }) => ({
      filter,
      groupBy,
      order: byTotal,
      spans: [
        singleSpan('total'),
        { name: 'range' as const, stretches: [{ window, buckets }] },
        singleSpan('previous', previous),
      ],
    }));

  it('return the same counts as a direct count, from projections and from rows', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuery, async (query) => {
        expectPlainCounts(events, query, await read(query));
        expectPlainCounts(events, query, await read(query, ', optimize_use_projections = 0'));
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  it('read each step of their plan from the grain in that step', async () => {
    const grainsRead = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyQuery, async (query) => {
        for (const step of planUsage(query).steps) {
          const { sql, params } = usageSql({ query, steps: [step] });
          const plan = await table.text(`EXPLAIN ${sql}`, { ...params });
          const source = plan.match(/ReadFromMergeTree \((.*?)\)/)?.[1];
          const grainRead = grains.find(({ name }) => name === source);
          // ClickHouse may read a grain with more keys instead, if it reads no more of it.
          const isNamedSource =
            step.grain === undefined
              ? source?.endsWith('session_events')
              : grainRead !== undefined &&
                grainRead.time === step.grain.time &&
                hasKeys(grainRead, step.grain.keys);
          if (source !== undefined && isNamedSource) grainsRead.add(source);
          // If no row can match, ClickHouse reads no part and its plan shows the table instead of the projection.
          else expect(await table.rows(sql, { ...params }), `${source} for ${sql}`).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
    expect(grainsRead.size).toBeGreaterThan(3);
  }, 120_000);

  it('order groups by sessions and then by key, and return at most `limit` groups', async () => {
    const query = {
      filter: everything(),
      groupBy: 'tag' as const,
      spans: [singleSpan('total')],
      order: byTotal,
    };
    const { groups } = await read(query);
    const counts = groups.map(({ sessions }) => sessions.total ?? 0);
    expect(counts).toEqual(counts.toSorted((left, right) => right - left));
    const limited = await read({ ...query, limit: 3 });
    expect(limited.groups).toEqual(groups.slice(0, 3));
    expect(limited.all.sessions.total).toBe(events.length);
    expect(limited.all.uses).toBe(counts.reduce((sum, count) => sum + count, 0));
  });

  it('find keys by a case-insensitive prefix, and return the keys after a given key', async () => {
    const query = {
      filter: everything(),
      groupBy: 'tag' as const,
      spans: [singleSpan('total')],
      order: { by: 'key', descending: false } as const,
    };
    const keys = (result: Awaited<ReturnType<typeof read>>) => result.groups.map(({ key }) => key);
    expect(keys(await read({ ...query, keyPrefix: 'NEW' }))).toEqual(['News', 'news']);
    const all = keys(await read(query));
    expect(all[0]).toBeNull();
    expect(keys(await read({ ...query, afterKey: 'News' }))).toEqual(all.slice(all.indexOf('News') + 1));
    expect(keys(await read({ ...query, afterKey: null }))).toEqual(all.slice(1));
  });

  it('read from one snapshot while rows are inserted', async () => {
    const windowed = { startMs: fromMs - 400 * dayMs, endMs: fromMs + 400 * dayMs };
    const query: UsageQuery = {
      filter: everything(),
      groupBy: 'tag',
      spans: [singleSpan('total'), singleSpan('range', windowed)],
      order: byTotal,
    };
    const reader = table.connect();
    let isReading = true;
    const arriving = (async () => {
      for (let seed = 1; isReading; seed += 1)
        await table.store.insert(table.store.encode(randomEvents(20, seed)));
    })();
    const totals = new Set<number | undefined>();
    try {
      for (let round = 0; round < 25; round += 1) {
        const { all, groups } = await read(query, '', reader);
        totals.add(all.sessions.total);
        for (const { sessions } of [all, ...groups]) expect(sessions.range).toBe(sessions.total);
      }
    } finally {
      isReading = false;
      await arriving;
      await reader.close();
    }
    // Different totals prove that rows were inserted between the reads.
    expect(totals.size).toBeGreaterThan(5);
  });

  it('return zeros for an empty table', async () => {
    await table.client.command({ query: 'TRUNCATE TABLE session_events' });
    for (const groupBy of groupBys) {
      const spans = [singleSpan('total'), singleSpan('range', { startMs: fromMs, endMs: fromMs + dayMs })];
      const { all, groups } = await read({ filter: everything(), groupBy, spans, order: byTotal });
      expect([all.sessions, all.lastUsedMs, groups]).toEqual([{ total: 0, range: 0 }, undefined, []]);
    }
  });
});
