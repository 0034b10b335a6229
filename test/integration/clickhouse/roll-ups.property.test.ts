import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import { createServerStreams } from '../../../src/platform/clickhouse/client.ts';
import { createQueryPool, type QueryPool } from '../../../src/platform/clickhouse/pool.ts';
import { noFailpoints } from '../../../src/platform/failpoints.ts';
import { rollUpFailpoints } from '../../../src/usage/declarations/failpoints.ts';
import { createClickHouseUsageStore } from '../../../src/usage/query/clickhouse-usage-store.ts';
import { planUsage } from '../../../src/usage/query/plan.ts';
import { everything, type GroupBy, singleSpan, type UsageQuery } from '../../../src/usage/query/query.ts';
import type { MonthSources } from '../../../src/usage/query/steps/month-source.ts';
import type { RollUpBuilderDeps } from '../../../src/usage/rollups/fill-build.ts';
import { createRollUpBuilder } from '../../../src/usage/rollups/roll-up-builder.ts';
import { createRollUpMonths } from '../../../src/usage/rollups/roll-up-months.ts';
import { anyBuckets, anyFilter, anyMillisecondWindow, fromMs, randomEvents } from './counted.ts';
import { useEventTable } from './event-table.ts';
import { expectPlainCounts } from './plain-counts.ts';

const dayMs = 86_400_000;
const numRuns = process.env['CI_LONG'] === undefined ? 2 : 80;
const groupBys: readonly GroupBy[] = ['none', 'configuration', 'tag', 'organisation'];

const anyQuery: fc.Arbitrary<UsageQuery> = fc
  .record({
    // Roll-ups are used only for queries with few filters, so half of the queries have one of these filters.
    filter: fc.oneof(
      anyFilter,
      fc.constantFrom(
        everything(),
        everything('other-org'),
        { ...everything('default'), configurationIds: ['a', 'A'] },
        { ...everything(), tags: ['news'] },
        { ...everything('default'), untagged: true },
      ),
    ),
    groupBy: fc.constantFrom(...groupBys),
    window: anyMillisecondWindow,
    previous: anyMillisecondWindow,
    buckets: anyBuckets,
  })
  .map(({ filter, groupBy, window, previous, buckets }) => ({
    filter,
    groupBy,
    order: { by: 'total', descending: true },
    spans: [
      singleSpan('total'),
      { name: 'range' as const, stretches: [{ window, buckets }] },
      singleSpan('previous', previous),
    ],
  }));

const window = { startMs: fromMs - 60 * dayMs, endMs: fromMs + 60 * dayMs };
const tagQuery: UsageQuery = {
  filter: everything(),
  groupBy: 'tag',
  order: { by: 'total', descending: true },
  spans: [singleSpan('total'), singleSpan('range', window), singleSpan('previous', window)],
};

describe('roll-ups of closed months', { timeout: 120_000 }, () => {
  const table = useEventTable();
  const events: SessionEvent[] = [];
  const clock = { nowMs: () => nowMs };
  let nowMs = Date.UTC(2026, 11, 15);
  let pool: QueryPool;
  let months: MonthSources;
  let refreshes = 0;

  beforeAll(() => {
    const reader = table.connect();
    pool = createQueryPool([reader], createServerStreams(reader), { queryTimeoutMs: 30_000 });
    months = newMonths();
  });
  afterAll(() => pool.close());

  /** Creates month sources that read the state of the roll-ups only once, so that the state becomes outdated. */
  function newMonths(): MonthSources {
    const sources = createRollUpMonths(
      { maxAgeMs: Number.POSITIVE_INFINITY, minRows: 0 },
      { pool, monotonicMs: () => 0 },
    );
    const refresh = () => {
      refreshes += 1;
      return sources.refresh();
    };
    return { ...sources, refresh };
  }

  const builder = (deps: Partial<RollUpBuilderDeps> = {}) =>
    createRollUpBuilder(
      { closedAfterMs: 3_600_000, abandonedAfterMs: 600_000 },
      { client: table.client, clock, failpoint: noFailpoints, ...deps },
    );

  async function store(count: number, seed: number): Promise<void> {
    const arrived = randomEvents(count, seed);
    for (let start = 0; start < count; start += 500)
      await table.store.insert(table.store.encode(arrived.slice(start, start + 500)));
    events.push(...arrived);
  }

  async function expectPlain(): Promise<void> {
    const usage = createClickHouseUsageStore(pool, months);
    await fc.assert(
      fc.asyncProperty(anyQuery, async (query) => {
        expectPlainCounts(events, query, await usage.read(planUsage(query)));
      }),
      { numRuns },
    );
  }

  /** Expects the counts of the events from the query for the tags of all months, which uses all current roll-ups. */
  async function expectPlainTags(): Promise<void> {
    const read = await createClickHouseUsageStore(pool, months).read(planUsage(tagQuery));
    expectPlainCounts(events, tagQuery, read);
  }

  /** Returns the roll-ups and projections that `tagQuery` reads. */
  async function grainsRead(): Promise<string[]> {
    const read = await createClickHouseUsageStore(pool, months).explain(planUsage(tagQuery), {
      windows: [window],
      isRaw: false,
      isOfInstallation: false,
    });
    return [...new Set(read.steps.map(({ grain }) => grain?.name ?? 'rows'))].sort();
  }

  const rollUps = ['usage_days_by_tag', 'usage_quarters', 'usage_totals'];

  it('return the counts of the events, while queries read other months from the event table', async () => {
    await store(1000, 20261201);
    await expectPlain();
    expect(await grainsRead()).not.toEqual(expect.arrayContaining(rollUps));
    expect(await builder().build()).toEqual({ closed: 1, stale: 0 });
    months = newMonths();
    expect(await grainsRead()).toEqual(expect.arrayContaining([...rollUps, 'totals_by_tags']));
    await expectPlain();
    expect(refreshes).toBe(0);
  });

  it('are not used for a month with a late session, even if their state was read before the session arrived', async () => {
    await store(1, 20261202);
    await store(20, 20261203);
    await expectPlainTags();
    expect(refreshes).toBe(1);
    await expectPlain();
    expect(refreshes).toBe(1);
    expect(await grainsRead()).not.toEqual(expect.arrayContaining(['usage_totals']));
  });

  it('are built only for months that `isSettled` accepts', async () => {
    expect(await builder().build(() => false)).toEqual({ closed: 1, stale: 1 });
    expect(await builder().build()).toEqual({ closed: 1, stale: 0 });
  });

  it('include a further month after it has ended, and stay current when ClickHouse merges parts', async () => {
    nowMs = Date.UTC(2027, 0, 2);
    expect(await builder().build()).toEqual({ closed: 2, stale: 0 });
    months = newMonths();
    refreshes = 0;
    expect(await grainsRead()).toEqual(expect.arrayContaining(rollUps));
    await table.client.command({ query: 'OPTIMIZE TABLE session_events FINAL' });
    await table.client.command({ query: 'OPTIMIZE TABLE session_events FINAL' });
    await expectPlain();
    expect(refreshes).toBe(0);
  });

  it('are not used after a mutation, even if the number of rows stays the same', async () => {
    await table.client.command({
      query: `ALTER TABLE session_events UPDATE viewer = toUUID('00000000-0000-0000-0000-0000000000aa')
        WHERE viewer = toUUID('00000000-0000-0000-0000-000000000001') SETTINGS mutations_sync = 2`,
    });
    await expectPlainTags();
    expect(refreshes).toBe(1);
    expect(await builder().build()).toEqual({ closed: 2, stale: 0 });
    await table.client.command({
      query: `ALTER TABLE session_events DELETE WHERE sequence <= 50 SETTINGS mutations_sync = 2`,
    });
    events.splice(0, events.length, ...events.filter(({ sequence }) => sequence > 50));
    await expectPlain();
  });

  it.each(rollUpFailpoints)('return correct counts after their process is killed at %s', async (point) => {
    await store(30, point.length);
    const failpoint = (name: string) => {
      if (name === point) throw new Error('the process has ended');
    };
    await expect(builder({ failpoint }).build()).rejects.toThrow('the process has ended');
    await expectPlain();
    expect(await builder().build()).toEqual({ closed: 2, stale: 0 });
    months = newMonths();
    await expectPlain();
  });

  it('do not keep abandoned and replaced builds', async () => {
    nowMs += dayMs;
    await builder().build();
    const { current, unregistered } = await builder().state();
    expect(unregistered).toEqual([]);
    expect(current.map(({ name }) => name).sort()).toEqual([
      ...['usage_days_by_tag', 'usage_days_by_tag'],
      ...['usage_quarters', 'usage_quarters', 'usage_totals'],
    ]);
  });

  it('can be built by two processes at once', async () => {
    await store(10, 77);
    const client = table.connect();
    await Promise.all([builder().build(), builder({ client }).build()]);
    await client.close();
    months = newMonths();
    expect(await grainsRead()).toEqual(expect.arrayContaining(rollUps));
    await expectPlain();
  });

  it.each(['usage_quarters', 'usage_days_by_tag', 'usage_totals', 'usage_roll_ups'])(
    'return the counts of the events after the table %s was emptied, and are built again',
    async (name) => {
      await table.client.command({ query: `TRUNCATE TABLE ${name}` });
      await expectPlain();
      expect(await builder().build()).toEqual({ closed: 2, stale: 0 });
      months = newMonths();
      expect(await grainsRead()).toEqual(expect.arrayContaining(rollUps));
      await expectPlain();
    },
  );

  it('stay consistent with the event table while sessions arrive', async () => {
    const usage = createClickHouseUsageStore(pool, months);
    const windows = { startMs: fromMs - 400 * dayMs, endMs: fromMs + 400 * dayMs };
    const query: UsageQuery = {
      filter: everything(),
      groupBy: 'tag',
      spans: [singleSpan('total'), singleSpan('range', windows)],
      order: { by: 'total', descending: true },
    };
    let isReading = true;
    const arriving = (async () => {
      for (let seed = 1; isReading; seed += 1) {
        await table.store.insert(table.store.encode(randomEvents(20, seed)));
        if (seed % 3 === 0) await builder().build();
      }
    })();
    try {
      for (let round = 0; round < 15; round += 1) {
        const { all, groups } = await usage.read(planUsage(query));
        for (const { sessions } of [all, ...groups]) expect(sessions.range).toBe(sessions.total);
      }
    } finally {
      isReading = false;
      await arriving;
    }
  });
});
