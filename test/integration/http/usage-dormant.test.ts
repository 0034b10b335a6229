import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { call, createConfiguration, exchange, mint, type TestConfiguration } from '../../support/api.ts';
import { startTimedApp, type TimedApp } from './support/timed-app.ts';

const dayMs = 86_400_000;
const noonMs = Date.UTC(2026, 10, 30, 12);
const daysAgo = (days: number) => noonMs - days * dayMs;
const dateAgo = (days: number) => new Date(daysAgo(days)).toISOString().slice(0, 10);

let app: TimedApp;
let weekly: TestConfiguration;
let unused: TestConfiguration;

/** The uses of configurations and tags, in days before now. */
const uses: readonly (readonly [
  name: 'Weekly' | 'Busy' | 'Deleted',
  tag: string,
  days: readonly number[],
])[] = [
  ['Weekly', 'weekly', [96, 89, 82, 75, 68, 61, 54, 47, 40]],
  ['Busy', 'once', [200]],
  ['Busy', 'also once', [200]],
  ['Busy', "it's", [31]],
  ['Busy', 'recent', [300, 29]],
  ['Deleted', 'of the deleted', [90]],
  ['Busy', 'today', [0]],
];

/** Exchanges one token for each use, while the process clock is set to the time of the use. */
beforeAll(async () => {
  app = await startTimedApp(daysAgo(400));
  const [Weekly, Busy, Deleted] = [
    await createConfiguration(app.url, 'Weekly'),
    await createConfiguration(app.url, 'Busy'),
    await createConfiguration(app.url, 'Deleted'),
  ];
  const configurations = { Weekly, Busy, Deleted };
  weekly = Weekly;
  unused = await createConfiguration(app.url, 'Unused');
  const sessions = uses
    .flatMap(([name, tag, days]) => days.map((day) => ({ name, tag, day })))
    .sort((one, other) => other.day - one.day);
  for (const { name, tag, day } of sessions) {
    app.clock.ms = daysAgo(day);
    const { status } = await exchange(
      app.url,
      await mint(configurations[name], { sub: 'alice', trc: [tag] }),
    );
    expect(status).toBe(200);
  }
  await call(app.url, 'DELETE', `/api/v1/web-access-tokens/configurations/${Deleted.id}`);
  await vi.waitFor(
    async () => {
      const { body } = await call(app.url, 'GET', '/api/v1/usage/summary');
      expect(body['total']).toBe(sessions.length);
    },
    { timeout: 20_000, interval: 100 },
  );
}, 60_000);
afterAll(() => app?.stop());

type Item = Record<string, unknown>;
async function get(query: string) {
  const { status, body } = await call(app.url, 'GET', `/api/v1/usage/dormant?${query}`);
  expect([status, body['detail']]).toEqual([200, undefined]);
  return { ...body, items: body['items'] as Item[], nextCursor: body['nextCursor'] as string | null };
}
const namesOf = (items: readonly Item[]) => items.map(({ kind, name }) => `${kind} ${name}`);

describe('the list of dormant configurations and tags', () => {
  const expected = [
    ...['configuration Unused', 'tag also once', 'tag once', 'tag of the deleted'],
    ...['configuration Weekly', 'tag weekly', "tag it's"],
  ];

  it('starts with unused items, is then sorted by last use, and omits deleted configurations', async () => {
    const { items, since } = (await get('days=30')) as { items: Item[]; since?: unknown };
    expect(namesOf(items)).toEqual(expected);
    expect(since).toBe(`${dateAgo(30)}T00:00:00.000+00:00`);
    expect(items[0]).toEqual({
      ...{ kind: 'configuration', key: unused.id, name: 'Unused' },
      ...{ lastUsed: null, total: 0, pattern: null },
    });
    expect(items.find(({ name }) => name === 'Weekly')).toMatchObject({ key: weekly.id, total: 9 });
    expect(items.at(-1)).toMatchObject({ key: "it's", total: 1, pattern: null });
  });

  it('contains the usage pattern of regularly used configurations and tags', async () => {
    const { items } = await get('days=30&timeZone=Asia/Kathmandu');
    const regular = items.filter(({ pattern }) => pattern !== null);
    expect(namesOf(regular)).toEqual(['configuration Weekly', 'tag weekly']);
    const [lastOccasion, nextExpected] = [dateAgo(40), dateAgo(-2)];
    for (const { pattern, lastUsed } of regular) {
      expect(pattern).toEqual({ every: 'week', occasions: 9, lastOccasion, nextExpected, missed: 5 });
      expect(lastUsed).toBe(`${lastOccasion}T17:45:00.000+05:45`);
    }
  });

  it.each([1, 3])('has the same items in pages of %s', async (limit) => {
    const items: Item[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof get>> = await get(
        `days=30&limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(items).toEqual((await get('days=30')).items);
  });

  it('contains only configurations or only tags if a kind is requested', async () => {
    for (const kind of ['configuration', 'tag'])
      expect(namesOf((await get(`days=30&kind=${kind}`)).items)).toEqual(
        expected.filter((name) => name.startsWith(kind)),
      );
  });

  it('contains only items that were not used for the given number of days', async () => {
    expect(namesOf((await get('days=29&kind=tag')).items)).not.toContain('tag recent');
    expect(namesOf((await get('days=28&kind=tag')).items)).toContain('tag recent');
    expect(namesOf((await get('days=200&kind=tag')).items)).toEqual([]);
    expect(namesOf((await get('days=199&kind=tag')).items)).toEqual(['tag also once', 'tag once']);
  });

  it.each(['days=0', 'days=3651', 'kind=viewer', 'cursor=WzEsImEiXQ'])(
    'rejects the query %s',
    async (query) => {
      expect((await call(app.url, 'GET', `/api/v1/usage/dormant?${query}`)).status).toBe(400);
    },
  );
});
