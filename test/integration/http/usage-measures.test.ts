import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { call } from '../../support/api.ts';
import { adminToken } from '../../support/app-process.ts';
import { readCsv } from '../../support/csv.ts';
import { readProjectFile } from '../../support/deploy/compose.ts';
import { readSheet } from '../../support/xlsx.ts';
import { type PastSession, useHistory } from './support/history.ts';

const viewerOf = (index: number) => index.toString(16).padStart(32, '0');
const dayMs = 86_400_000;
const [fromMs, toMs] = [Date.UTC(2026, 5, 1), Date.UTC(2026, 5, 5)];

/** Sessions on four days, and some sessions before and after these days. */
const history: Required<PastSession>[] = fc.sample(
  fc.record({
    timeMs: fc.integer({ min: fromMs - dayMs, max: toMs + dayMs }),
    configurationId: fc.constantFrom('alpha', 'beta', 'gamma'),
    tags: fc.subarray(['.', '..', 'a,b', 'news', 'x'], { maxLength: 3 }),
    viewer: fc.nat(25).map(viewerOf),
  }),
  { numRuns: 300, seed: 20261130 },
);

/** The budget is one less than the number of distinct tags in the history. */
const app = useHistory(history, { USAGE_TAG_BUDGET: '4' });

type Item = Readonly<Record<string, unknown>>;
async function get(path: string): Promise<Item> {
  const { status, body } = await call(app().url, 'GET', `/api/v1/usage/${path}`);
  expect([status, body['detail']]).toEqual([200, undefined]);
  return body;
}
const itemsOf = (body: Item, member = 'items') => body[member] as Item[];

const distinct = (sessions: readonly Required<PastSession>[]) =>
  new Set(sessions.map(({ viewer }) => viewer)).size;
const between = (startMs: number, endMs: number) =>
  history.filter(({ timeMs }) => timeMs >= startMs && timeMs < endMs);
const range = 'from=2026-06-01&to=2026-06-05';
const inRange = between(fromMs, toMs);
const keysOf = ({ tags }: Required<PastSession>) => (tags.length === 0 ? [null] : tags);

describe('the measure uniqueViewers', () => {
  it('counts the viewers of all sessions in a summary', async () => {
    const body = await get('summary?measures=sessions,lastUsed,uniqueViewers&tag=news');
    const counted = history.filter(({ tags }) => tags.includes('news'));
    expect(body).toMatchObject({
      total: counted.length,
      uniqueViewers: distinct(counted),
      approximate: false,
    });
  });

  it('is absent unless requested', async () => {
    for (const path of ['summary', 'summary?measures=sessions', 'tags', 'series?granularity=day'])
      expect(JSON.stringify(await get(path))).not.toMatch(/uniqueViewers|approximate/);
  });

  it.each([{ query: '' }, { query: `&${range}` }])(
    'counts the viewers of each list item: %s',
    async ({ query }) => {
      const counted = query === '' ? history : inRange;
      const tags = await get(`tags?measures=uniqueViewers${query}`);
      expect(itemsOf(tags).length).toBeGreaterThan(4);
      for (const { tag, uniqueViewers } of itemsOf(tags))
        expect([tag, uniqueViewers]).toEqual([
          tag,
          distinct(counted.filter((session) => keysOf(session).some((key) => key === tag))),
        ]);
      const configurations = await get(`configurations?measures=uniqueViewers${query}`);
      expect(configurations['approximate']).toBe(false);
    },
  );

  it('counts a viewer of several buckets once in the series, and once in each bucket', async () => {
    const body = await get(
      `series?${range}&granularity=day&groupBy=tag&top=2&measures=lastUsed,uniqueViewers`,
    );
    const series = itemsOf(body, 'series');
    expect([body['approximate'], series.length]).toEqual([false, 3]);
    const shownKeys = series.filter(({ isOther }) => !isOther).map(({ key }) => key);
    for (const { key, isOther, uniqueViewers, lastUsed, buckets } of series) {
      const isOfSeries = (session: Required<PastSession>) =>
        keysOf(session).some((tag) => (isOther ? !shownKeys.includes(tag) : tag === key));
      const counted = inRange.filter(isOfSeries);
      expect([key, uniqueViewers]).toEqual([key, distinct(counted)]);
      const lastMs = Math.max(...counted.map(({ timeMs }) => timeMs));
      expect(lastUsed === undefined ? undefined : Date.parse(String(lastUsed))).toBe(
        isOther ? undefined : lastMs,
      );
      for (const bucket of buckets as Item[]) {
        const ofBucket = between(Date.parse(String(bucket['start'])), Date.parse(String(bucket['end'])));
        expect([bucket['start'], bucket['uniqueViewers']]).toEqual([
          bucket['start'],
          distinct(ofBucket.filter(isOfSeries)),
        ]);
      }
    }
  });

  it('is in the last columns of a file', async () => {
    const fileOf = async (path: string) => {
      const headers = { authorization: `Bearer ${adminToken}` };
      const response = await fetch(`${app().url}/api/v1/usage/${path}`, { headers });
      expect(response.status).toBe(200);
      return Buffer.from(await response.arrayBuffer());
    };
    const list = `measures=uniqueViewers&${range}`;
    const items = itemsOf(await get(`tags?${list}`));
    const [head, ...rows] = readCsv((await fileOf(`tags?${list}&format=csv&csv=raw`)).toString());
    expect(head).toEqual(['tag', 'lastUsed', 'today', 'total', 'sessions', 'uniqueViewers', 'approximate']);
    expect(rows.map((row) => [row[0], row[5], row[6]])).toEqual(
      items.map(({ tag, uniqueViewers }) => [tag ?? '', String(uniqueViewers), 'false']),
    );
    const configurations = (await fileOf(`configurations?${list}&format=csv`)).toString();
    expect(readCsv(configurations)[0]?.slice(-2)).toEqual(['uniqueViewers', 'approximate']);

    const series = `series?${range}&measures=lastUsed,uniqueViewers&granularity=day&groupBy=tag&top=1`;
    const shown = itemsOf(await get(series), 'series');
    const expected = shown.flatMap(({ isOther, buckets, lastUsed }) =>
      (buckets as Item[]).map(({ start, sessions, uniqueViewers }) => ({
        ...{ isOther, start, sessions, lastUsed: lastUsed ?? null, uniqueViewers, approximate: false },
      })),
    );
    const lines = (await fileOf(`${series}&format=jsonl`)).toString().trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject(expected);
    const sheet = await readSheet(await fileOf(`${series}&format=xlsx`));
    const name = shown[0]?.['key'] ?? '(no tag)';
    expect(sheet[0]?.slice(2)).toEqual([
      name,
      `${name} (unique viewers)`,
      '(other)',
      '(other) (unique viewers)',
    ]);
    expect(sheet.slice(1).map((row) => row[5])).toEqual(
      expected.filter(({ isOther }) => isOther).map(({ uniqueViewers }) => uniqueViewers),
    );
  });

  it.each(['viewers', '', 'sessions,', 'sessions;lastUsed', 'uniqueViewers&measures=sessions'])(
    'rejects measures=%s',
    async (measures) => {
      for (const list of ['summary', 'tags', 'configurations', 'series']) {
        const { status, body } = await call(app().url, 'GET', `/api/v1/usage/${list}?measures=${measures}`);
        const faults = [
          {
            path: '/measures',
            message: 'must be a comma-separated list of sessions, lastUsed and uniqueViewers',
          },
        ];
        expect([status, body['code'], body['errors']]).toEqual([400, 'invalid_request', faults]);
      }
    },
  );
});

describe('an organisation with more distinct tags than USAGE_TAG_BUDGET', () => {
  it('has tagBudgetExceeded in its responses, has a metric, and keeps exact counts', async () => {
    await expect
      .poll(async () => (await get('summary'))['tagBudgetExceeded'], { timeout: 240_000, interval: 200 })
      .toBe(true);
    for (const path of ['tags', 'configurations', 'tags/news', 'series?groupBy=tag'])
      expect([path, (await get(path))['tagBudgetExceeded']]).toEqual([path, true]);
    const { text } = await call(app().url, 'GET', '/metrics');
    expect(text).toMatch(/^watmeter_usage_organisations_over_tag_budget 1$/m);
    expect(text).toMatch(/^watmeter_usage_distinct_tags_max 5$/m);
    expect((await get('tags'))['distinctSessions']).toBe(history.length);
  }, 300_000);
});

describe('the list of tags with the parameter tag', () => {
  it.each(['.', '..', 'a,b'])('contains only this tag: %s', async (tag) => {
    const counted = history.filter(({ tags }) => tags.includes(tag));
    const body = await get(`tags?tag=${tag}`);
    expect(itemsOf(body)).toMatchObject([{ tag, total: counted.length }]);
    expect([body['distinctSessions'], body['nextCursor']]).toEqual([counted.length, null]);
  });

  it('contains all tags of the matching sessions if the parameter has several values', async () => {
    const tagsOf = async (query: string) =>
      itemsOf(await get(`tags?${query}&sort=name`)).map(({ tag }) => tag);
    expect(await tagsOf('tag=.&tag=news')).toEqual(['.', '..', 'a,b', 'news', 'x']);
    expect(await tagsOf('tag=unknown')).toEqual([]);
  });
});

describe('the query of docs/how-to/excel-and-power-bi.md', () => {
  /** Sends the requests that Power Query sends for the documented query, with another page size. */
  async function readAll(path: string, filters: Readonly<Record<string, string>>): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ ...filters, limit: '2', ...(cursor !== undefined && { cursor }) });
      const response = await fetch(`${app().url}/${path}?${query}`, {
        headers: { authorization: `Bearer ${adminToken}` },
      });
      expect(response.status).toBe(200);
      const page = (await response.json()) as { items: Item[]; nextCursor: string | null };
      items.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return items;
  }

  it('reads each row of the list once, with the documented columns', async () => {
    const page = readProjectFile('docs/how-to/excel-and-power-bi.md');
    const path = /RelativePath = "([^"]+)"/.exec(page)?.[1] ?? '';
    const given = [...(/Filters = \[([^\]]+)\]/.exec(page)?.[1] ?? '').matchAll(/(\w+) = "([^"]*)"/g)];
    const filters = Object.fromEntries(given.map(([, name = '', value = '']) => [name, value]));
    expect([path, Object.keys(filters)]).toEqual(['api/v1/usage/tags', ['timeZone', 'limit']]);
    const columns = [...(/FromRecords\(Items, \{([^}]+)\}/.exec(page)?.[1] ?? '').matchAll(/"(\w+)"/g)];
    const rows = await readAll(path, filters);
    expect(new Set(rows.map(({ tag }) => tag))).toEqual(new Set([null, '.', '..', 'a,b', 'news', 'x']));
    expect(rows).toHaveLength(6);
    for (const [, column = ''] of columns) for (const row of rows) expect(row).toHaveProperty(column);
  });
});
