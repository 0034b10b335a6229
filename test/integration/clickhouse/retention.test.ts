import { beforeEach, describe, expect, it, vi } from 'vitest';
import { retentionFailpoints } from '../../../consumers/declarations/failpoints.ts';
import { inspect } from '../../../consumers/recovery/integrity/check.ts';
import { createRetention, type RetentionDeps } from '../../../consumers/retention/retention.ts';
import { decide } from '../../../consumers/sink/decide.ts';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import { createServerStreams } from '../../../src/platform/clickhouse/client.ts';
import { createQueryPool } from '../../../src/platform/clickhouse/pool.ts';
import { noFailpoints } from '../../../src/platform/failpoints.ts';
import { retainedWindow } from '../../../src/usage/answers/retained-window.ts';
import { createClickHouseUsageStore } from '../../../src/usage/query/clickhouse-usage-store.ts';
import { planUsage } from '../../../src/usage/query/plan.ts';
import {
  type Buckets,
  everything,
  type GroupBy,
  singleSpan,
  type UsageQuery,
} from '../../../src/usage/query/query.ts';
import { createArchives } from '../../../src/usage/retention/archive-sources.ts';
import { depsOf } from '../integrity/planted.ts';
import { fromMs, quarterMs, randomEvents } from './counted.ts';
import { useEventTable } from './event-table.ts';

// The default time limit is too short, because each test runs many statements.
vi.setConfig({ testTimeout: 120_000 });

const table = useEventTable();
const dayMs = 86_400_000;
const december = Date.UTC(2026, 11, 1);
/** Ten days after the end of November. */
const nowMs = december + 10 * dayMs;
const events = randomEvents(600, 20261201);
const ofNovember = events.filter(({ timeMs }) => timeMs < december);
const tables = ['session_events', 'usage_archives', 'usage_archive', 'archived_sequences'];

const insert = (given: readonly SessionEvent[]) => table.store.insert(table.store.encode(given));
const run = (query: string) => table.client.command({ query });
const count = async (from: string) => Number(await table.text(`SELECT count() FROM ${from}`));

beforeEach(async () => {
  for (const name of tables) await run(`TRUNCATE TABLE ${name}`);
  await insert(events.slice(0, 300));
  await insert(events.slice(300));
});

function retention(deps: Partial<RetentionDeps> = {}) {
  return createRetention(
    { keepMs: 5 * dayMs, publishMs: 0 },
    {
      ...{ client: table.client, failpoint: noFailpoints, clock: { nowMs: () => nowMs } },
      ...{ completeThroughMs: () => nowMs, ...deps },
    },
  );
}

/** Archives November in the first run, and drops it in the second. */
async function dropNovember(): Promise<void> {
  expect(await retention().run()).toMatchObject({ archived: [202611], dropped: [], kept: [] });
  expect(await retention().run()).toMatchObject({ archived: [], dropped: [{ month: 202611 }] });
}

const pool = () =>
  createQueryPool([table.client], createServerStreams(table.client), { queryTimeoutMs: 30_000 });

/** Returns a usage store that reads the list of archives only once, and again after the guard of a plan has failed. */
function openUsage() {
  const archives = createArchives(
    (sql) => pool().rows(sql, {}),
    () => 0,
  );
  const store = createClickHouseUsageStore(pool(), archives, archives.retainedFromMs);
  return { store };
}

const groupBys: readonly GroupBy[] = ['none', 'configuration', 'tag', 'organisation'];
const days = (offsetMs: number): Buckets => ({
  kind: 'starts',
  starts: Array.from({ length: 5 }, (_, day) => (fromMs + offsetMs + (day - 1) * dayMs) / 1000),
});

/** Queries over all time, and by local day, hour of the week and quarter hour across the end of November. */
function queries(): UsageQuery[] {
  const window = { startMs: fromMs, endMs: fromMs + 4 * dayMs };
  const kathmandu = { startMs: fromMs + 18 * 3_600_000 + quarterMs, endMs: window.endMs };
  const stretches = [
    { window, buckets: days(0) },
    { window: kathmandu, buckets: days(18 * 3_600_000 + quarterMs) },
    { window, buckets: { kind: 'quarterHours' } },
    { window, buckets: { kind: 'weekdayHours', offsetSeconds: 20_700 } },
  ] as const;
  const filters = [everything(undefined), { ...everything('default'), tags: ['news'] }];
  return groupBys.flatMap((groupBy) =>
    filters.flatMap((filter) =>
      stretches.map((stretch) => ({
        ...{ filter, groupBy, order: { by: 'total', descending: true } as const },
        spans: [singleSpan('total'), { name: 'range' as const, stretches: [stretch] }],
      })),
    ),
  );
}

/** Returns the counts of the queries in `asked`. Default: all queries. */
async function answers(store = openUsage().store, asked = queries()): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const query of asked) {
    const { all, groups } = await store.read(planUsage(query));
    const sorted = [all, ...groups].map((group) => ({
      ...group,
      points: group.points.toSorted(
        (one, other) => one.bucket - other.bucket || one.span.localeCompare(other.span),
      ),
    }));
    results.push(sorted);
  }
  return results;
}

/** Returns the counts of every eighth query, for tests that compare often. */
const someAnswers = (store = openUsage().store) =>
  answers(
    store,
    queries().filter((_, index) => index % 8 === 2),
  );

describe('a dropped month', () => {
  it('keeps totals, last use and the counts of every local day and quarter hour', async () => {
    const before = await answers();
    await dropNovember();
    expect(await count('session_events')).toBe(events.length - ofNovember.length);
    expect(await answers()).toEqual(before);
    expect(await retention().status()).toEqual([
      { month: 202611, state: 'dropped', sessions: ofNovember.length, isDue: true },
      { month: 202612, state: 'stored', sessions: events.length - ofNovember.length, isDue: false },
    ]);
  });

  it('keeps its high-water marks, so that its events are recognised as duplicates if they are read again', async () => {
    const marks = await table.store.readState();
    await dropNovember();
    const state = await table.store.readState();
    expect(state).toEqual(marks);
    const decisions = events.map((event) => decide(state, { kind: 'event', event }, undefined).kind);
    expect(new Set(decisions)).toEqual(new Set(['duplicate']));
    expect(await table.store.absentOf(events)).toEqual([]);
  });

  it('keeps its missing ranges, so that an event that was missing before the drop can still be stored', async () => {
    const missing = ofNovember.find(({ sequence }) => sequence > 1 && sequence < events.length);
    await run(
      `ALTER TABLE session_events DELETE WHERE sequence = ${missing?.sequence} SETTINGS mutations_sync = 2`,
    );
    await dropNovember();
    const state = await table.store.readState();
    expect([...state.values()][0]?.holes).toEqual([{ first: missing?.sequence, last: missing?.sequence }]);
    expect(await table.store.absentOf(events)).toEqual([missing]);
  });

  it('passes the integrity check at both depths', async () => {
    await dropNovember();
    for (const depth of ['ledger', 'full'] as const)
      expect((await inspect(depsOf(table, []), depth)).report).toMatchObject({
        exact: true,
        totals: { stored: events.length, missing: 0, surplus: 0 },
      });
  });

  it('is read together with sessions that arrive after the drop, which are archived after 30 days', async () => {
    await dropNovember();
    const late = ofNovember.slice(0, 3).map((event, index) => ({
      ...{ ...event, sequence: events.length + 1 + index },
      ...{ sessionId: event.sessionId.replace(/^......../, `0000000${index}`) },
    }));
    await insert(late);
    const withLate = await someAnswers();
    expect(JSON.stringify(withLate)).toContain(`"sessions":{"total":${events.length + 3}`);
    expect(await retention().run()).toMatchObject({ archived: [], dropped: [] });
    const clock = { nowMs: () => nowMs + 40 * dayMs };
    const later = retention({ clock, completeThroughMs: () => december });
    expect(await later.run()).toMatchObject({ archived: [202611] });
    expect(await later.run()).toMatchObject({ dropped: [{ month: 202611, sessions: 3 }] });
    expect(await someAnswers()).toEqual(withLate);
    expect(await table.store.absentOf([...events, ...late])).toEqual([]);
  });

  it('makes queries for unique viewers, single sessions or parts of a quarter hour fail with not_retained', async () => {
    await dropNovember();
    const { store } = openUsage();
    const base = {
      filter: everything(undefined),
      groupBy: 'none',
      order: { by: 'total', descending: true },
    } as const;
    const refused = { code: 'not_retained' };
    const read = (query: UsageQuery) => store.read(planUsage(query));
    await expect(read({ ...base, spans: [singleSpan('total')], viewers: 'exact' })).rejects.toMatchObject(
      refused,
    );
    const cut = { startMs: fromMs + 1, endMs: fromMs + 5 * quarterMs };
    await expect(read({ ...base, spans: [singleSpan('total', cut)] })).rejects.toMatchObject(refused);
    const ofDecember = { startMs: december, endMs: nowMs };
    await read({ ...base, spans: [singleSpan('total', ofDecember)], viewers: 'exact' });
    await expect(retainedWindow(store, { startMs: fromMs, endMs: december })).rejects.toMatchObject(refused);
    expect(await retainedWindow(store, { startMs: fromMs, endMs: nowMs })).toEqual(ofDecember);
  });
});

describe('the retention', () => {
  it('does not change the counts of a process that has read the list of archives before the drop', async () => {
    const before = await someAnswers();
    await retention().run();
    const { store } = openUsage();
    expect(await someAnswers(store)).toEqual(before);
    await retention().run();
    expect(await someAnswers(store)).toEqual(before);
  });

  it('does not archive a month of which a live producer can send more sessions, or in which an event has several rows', async () => {
    for (const throughMs of [undefined, december - 1])
      expect(await retention({ completeThroughMs: () => throughMs }).run()).toEqual({
        ...{ archived: [], dropped: [], kept: [] },
      });
    await insert(ofNovember.slice(0, 1));
    const { archived, kept } = await retention().run();
    expect(archived).toEqual([]);
    expect(kept).toEqual([{ month: 202611, reason: expect.stringContaining('repair') }]);
    expect(await count('session_events')).toBe(events.length + 1);
  });

  it('replaces an archive whose part was merged with later sessions', async () => {
    await retention().run();
    const late = { ...(ofNovember[0] as SessionEvent), sequence: events.length + 1 };
    await insert([late]);
    await run("OPTIMIZE TABLE session_events PARTITION ID '202611' FINAL");
    const before = await someAnswers();
    expect(await retention().run()).toMatchObject({ archived: [202611], dropped: [] });
    expect(await count('usage_archives')).toBe(1);
    expect(await retention().run()).toMatchObject({ dropped: [{ sessions: ofNovember.length + 1 }] });
    expect(await someAnswers()).toEqual(before);
  });

  it.each(['usage_archive', 'archived_sequences'])(
    'replaces an archive whose rows in %s another process has deleted before the drop',
    async (name) => {
      const before = await someAnswers();
      await retention().run();
      await run(`ALTER TABLE ${name} DELETE WHERE 1 SETTINGS mutations_sync = 2`);
      expect(await retention().run()).toMatchObject({ archived: [202611], dropped: [] });
      expect(await count('session_events')).toBe(events.length);
      expect(await retention().run()).toMatchObject({ dropped: [{ sessions: ofNovember.length }] });
      expect(await someAnswers()).toEqual(before);
    },
  );

  it.each(retentionFailpoints)(
    'continues after a crash at %s without losing or repeating a session',
    async (point) => {
      const before = await someAnswers();
      const crash = vi.fn((name: string) => {
        if (name === point) throw new Error('planned crash');
      });
      if (point === 'retention.removed') {
        await retention().run();
        await run("OPTIMIZE TABLE session_events PARTITION ID '202611' FINAL");
      }
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await retention({ failpoint: crash })
          .run()
          .catch((error) => expect(String(error)).toContain('planned crash'));
        expect(await someAnswers()).toEqual(before);
      }
      expect(crash).toHaveBeenCalledWith(point);
      for (let attempt = 0; attempt < 2; attempt += 1) await retention().run();
      expect(await count("session_events WHERE _partition_id = '202611'")).toBe(0);
      expect(await count('(SELECT DISTINCT archive FROM usage_archive)')).toBe(1);
      expect(await someAnswers()).toEqual(before);
      expect(await table.store.absentOf(events)).toEqual([]);
    },
  );
});
