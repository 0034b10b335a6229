import { once } from 'node:events';
import { request } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { call } from '../../support/api.ts';
import { adminToken } from '../../support/app-process.ts';
import { readCsv } from '../../support/csv.ts';
import { operations, responseOf } from '../../support/openapi/document.ts';
import { clockOf, readSheet, type SheetCell } from '../../support/xlsx.ts';
import { type PastSession, useHistory } from './support/history.ts';

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const zones = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe'];
const tags = ['news', 'News', '=1+1', ' @x', 'a,b', '"', "it's", 'other', '_x0041_', '<&>'];

/** Sessions around clock changes, with tags that must be escaped in at least one of the formats. */
const history: PastSession[] = fc.sample(
  fc.record({
    timeMs: fc.oneof(
      fc.integer({ min: Date.UTC(2025, 9, 20), max: Date.UTC(2025, 10, 10) }),
      fc.constantFrom(Date.UTC(2025, 9, 26, 1), Date.UTC(2025, 9, 26, 0, 59), Date.UTC(2025, 10, 1)),
    ),
    configurationId: fc.constantFrom('alpha', 'beta'),
    tags: fc.subarray(tags, { maxLength: 3 }),
  }),
  { numRuns: 300, seed: 20261130 },
);

const app = useHistory(history);

type Query = Readonly<Record<string, string | readonly string[]>>;
type Item = Readonly<Record<string, unknown>>;

const headers = { authorization: `Bearer ${adminToken}` };
function pathOf(list: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, values] of Object.entries(query))
    for (const value of [values].flat()) search.append(name, value);
  return `/api/v1/usage/${list}?${search}`;
}
async function json(list: string, query: Query): Promise<Item> {
  const { status, body } = await call(app().url, 'GET', pathOf(list, query));
  expect([status, body['detail']]).toEqual([200, undefined]);
  return body;
}
async function file(list: string, query: Query, type: string): Promise<Buffer> {
  const response = await fetch(app().url + pathOf(list, query), { headers });
  expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
  return Buffer.from(await response.arrayBuffer());
}

/** Reads the rows of each format. CSV cells are text, and dates in a workbook have no offset. */
const rowsIn = {
  csv: async (list: string, query: Query) =>
    readCsv((await file(list, { ...query, format: 'csv', csv: 'raw' }, 'text/csv')).toString()),
  jsonl: async (list: string, query: Query) =>
    (await file(list, { ...query, format: 'jsonl' }, 'application/x-ndjson'))
      .toString()
      .split('\n')
      .slice(0, -1)
      .map((line): Item => JSON.parse(line)),
  xlsx: async (list: string, query: Query) =>
    readSheet(await file(list, { ...query, format: 'xlsx' }, xlsxType)),
};

const textOf = (value: unknown) => {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/;
const shown = (value: unknown, cell: SheetCell | undefined) =>
  typeof value === 'string' && instant.test(value) ? [value.slice(0, 23), clockOf(cell)] : [value, cell];

/** Expects that the rows of the CSV file, the JSON Lines and the workbook equal the items of the JSON response. */
function expectItems(
  items: readonly Item[],
  csv: string[][],
  lines: readonly Item[],
  sheet: SheetCell[][],
): void {
  const names = csv[0] ?? [];
  expect(lines).toEqual(items.map((item) => Object.fromEntries(names.map((name) => [name, item[name]]))));
  expect(csv.slice(1)).toEqual(items.map((item) => names.map((name) => textOf(item[name]))));
  expect([sheet[0], sheet.length - 1]).toEqual([names, items.length]);
  for (const [row, item] of items.entries())
    for (const [column, name] of names.entries()) {
      const value = typeof item[name] === 'object' && item[name] !== null ? textOf(item[name]) : item[name];
      const [expected, actual] = shown(value, sheet[row + 1]?.[column] ?? null);
      expect([row, name, actual]).toEqual([row, name, expected]);
    }
}

async function walk(list: string, query: Query): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: unknown;
  do {
    const page = await json(list, { ...query, limit: '200', ...(cursor ? { cursor: String(cursor) } : {}) });
    items.push(...(page['items'] as Item[]));
    cursor = page['nextCursor'];
  } while (cursor !== null);
  return items;
}

const anyFilter = fc.record(
  {
    timeZone: fc.constantFrom(...zones),
    configurationId: fc.constantFrom(['alpha'], ['beta', 'none']),
    tag: fc.subarray(['news', '=1+1', 'none'], { minLength: 1 }),
    match: fc.constantFrom('any', 'all'),
  },
  { requiredKeys: ['timeZone'] },
);
const anyRange = fc
  .tuple(fc.integer({ min: 15, max: 31 }), fc.integer({ min: 1, max: 10 }))
  .map(([from, to]) => ({ from: `2025-10-${from}`, to: `2025-11-${String(to).padStart(2, '0')}` }));
const anyComparison = fc.constantFrom(
  {},
  { compare: 'previous' },
  { compare: 'previousYear', fair: 'elapsed' },
);
const anyQuery = fc
  .tuple(anyFilter, anyRange, anyComparison)
  .map(([filter, range, comparison]): Query => ({ ...filter, ...range, ...comparison }));

describe('a usage file', () => {
  it.each(['configurations', 'tags'])(
    'of %s has the same rows as the JSON list',
    async (list) => {
      const anySort = fc.constantFrom('-total', 'name', 'sessions', '-lastUsed');
      await fc.assert(
        fc.asyncProperty(anyQuery, anySort, async (query, sort) => {
          const wanted = { ...query, sort };
          const items = await walk(list, wanted);
          const [csv, lines, sheet] = await Promise.all([
            rowsIn.csv(list, wanted),
            rowsIn.jsonl(list, wanted),
            rowsIn.xlsx(list, wanted),
          ]);
          expectItems(items, csv, lines, sheet);
          expect(csv[0]).toContain('sessions');
        }),
        { numRuns: 4 },
      );
    },
    120_000,
  );

  it('of sessions has the same rows as the JSON list', async () => {
    await fc.assert(
      fc.asyncProperty(anyFilter, anyRange, async (filter, range) => {
        const query = { ...filter, ...range };
        const items = await walk('sessions', query);
        const files = [rowsIn.csv('sessions', query), rowsIn.jsonl('sessions', query)] as const;
        expectItems(items, await files[0], await files[1], await rowsIn.xlsx('sessions', query));
      }),
      { numRuns: 3 },
    );
  }, 120_000);

  it('of the heat map has a row for each weekday and hour', async () => {
    const query = { timeZone: 'Asia/Kathmandu', from: '2025-10-20', to: '2025-11-10' };
    const weekdays = (await json('heatmap', query))['weekdays'] as { weekday: number; hours: number[] }[];
    const items = weekdays.flatMap(({ weekday, hours }) =>
      hours.map((sessions, hour) => ({ weekday, hour, sessions })),
    );
    const [csv, lines] = [await rowsIn.csv('heatmap', query), await rowsIn.jsonl('heatmap', query)];
    expectItems(items, csv, lines, await rowsIn.xlsx('heatmap', query));
    expect(items).toHaveLength(168);
  });

  interface Bucket {
    readonly start: string;
    readonly end: string;
    readonly sessions: number;
  }
  interface Series {
    readonly key: string | null;
    readonly isOther: boolean;
    readonly buckets: readonly Bucket[];
    readonly previous?: readonly Bucket[];
  }

  it('of a series has a row per bucket and key in CSV and JSON Lines, and a column per key in a workbook', async () => {
    const anyShape = fc.record({
      granularity: fc.constantFrom('quarterHour', 'hour', 'day', 'week', 'month'),
      groupBy: fc.constantFrom('none', 'configuration', 'tag'),
      top: fc.constantFrom('1', '3', '50'),
    });
    await fc.assert(
      fc.asyncProperty(anyFilter, anyShape, anyComparison, async (filter, shape, comparison) => {
        const range = { from: '2025-10-25', to: '2025-11-03' };
        const query = { ...filter, ...range, ...shape, ...comparison };
        const series = (await json('series', query))['series'] as Series[];
        expectLong(series, await rowsIn.csv('series', query), await rowsIn.jsonl('series', query));
        expectWide(series, shape.groupBy, await rowsIn.xlsx('series', query));
      }),
      { numRuns: 7 },
    );
  }, 120_000);

  function expectLong(series: readonly Series[], csv: string[][], lines: readonly Item[]): void {
    const items = series.flatMap(({ key, isOther, buckets, previous }) =>
      buckets.map((bucket, index): Item => {
        const other = previous?.[index];
        return {
          ...{ key, isOther, ...bucket },
          ...(other && {
            previousStart: other.start,
            previousEnd: other.end,
            previousSessions: other.sessions,
          }),
        };
      }),
    );
    expect(lines).toEqual(items);
    expect(csv.slice(1)).toEqual(items.map((item) => Object.values(item).map(textOf)));
    if (items[0] !== undefined) expect(csv[0]).toEqual(Object.keys(items[0]));
  }

  function expectWide(series: readonly Series[], groupBy: string, sheet: SheetCell[][]): void {
    const compared = series[0]?.previous !== undefined;
    const nameOf = ({ key, isOther }: Series) => (isOther ? '(other)' : (key ?? '(no tag)'));
    const names = series.flatMap((one) => {
      const name = groupBy === 'none' ? 'sessions' : nameOf(one);
      return compared ? [name, `${name} (previous)`] : [name];
    });
    if (series.length === 0) return;
    const bounds = compared ? ['start', 'end', 'previousStart', 'previousEnd'] : ['start', 'end'];
    expect(sheet[0]).toEqual([...bounds, ...names]);
    const rows = (series[0]?.buckets ?? []).map((bucket, index) => {
      const previous = series[0]?.previous?.[index];
      const texts = [bucket.start, bucket.end, ...(previous ? [previous.start, previous.end] : [])];
      const counts = series.flatMap((one) => {
        const count = one.buckets[index]?.sessions;
        return compared ? [count, one.previous?.[index]?.sessions] : [count];
      });
      return [...texts.map((text) => text.slice(0, 23)), ...counts];
    });
    const isBound = (column: number) => column < bounds.length;
    expect(
      sheet.slice(1).map((row) => row.map((cell, column) => (isBound(column) ? clockOf(cell) : cell))),
    ).toEqual(rows);
  }

  it('contains its range in the file name, and escapes spreadsheet formulas', async () => {
    const query = { from: '2025-10-25', to: '2025-11-03', timeZone: 'Europe/Berlin' };
    const nameOf = async (list: string, more: Query) => {
      const answer = await fetch(app().url + pathOf(list, { ...query, ...more }), { headers });
      await answer.arrayBuffer();
      return answer.headers.get('content-disposition');
    };
    expect(await nameOf('tags', { format: 'csv' })).toBe(
      'attachment; filename="usage-tags_2025-10-25_2025-11-03.csv"',
    );
    const instants = { from: '2025-10-25T08:30:00Z', to: '2025-11-03T00:00:00+01:00', format: 'jsonl' };
    expect(await nameOf('sessions', instants)).toBe(
      'attachment; filename="usage-sessions_2025-10-25T1030_2025-11-03.jsonl"',
    );
    const safe = (await file('tags', { ...query, format: 'csv', excel: 'true' }, 'text/csv')).toString();
    expect(safe.startsWith('\ufefftag,lastUsed,')).toBe(true);
    const cells = readCsv(safe.slice(1)).map(([tag]) => tag);
    expect(cells).toEqual(expect.arrayContaining(["'=1+1", "' @x", "it's"]));
  });

  it('is selected by the Accept header, and has no body for HEAD', async () => {
    const accept = 'text/csv;q=0.9, application/json;q=0.5';
    const path = pathOf('tags', { range: 'last7days' });
    const [get, head] = await Promise.all([
      fetch(app().url + path, { headers: { ...headers, accept } }),
      fetch(app().url + path, { method: 'HEAD', headers: { ...headers, accept } }),
    ]);
    for (const answer of [get, head])
      expect([
        answer.status,
        answer.headers.get('content-type'),
        answer.headers.get('cache-control'),
      ]).toEqual([...[200, 'text/csv; charset=utf-8', 'no-store']]);
    expect([(await get.text()).split('\r\n')[0], await head.text()]).toEqual([
      'tag,lastUsed,today,total,sessions',
      '',
    ]);
  });

  it('is aborted when its client disconnects, and the next file is complete', async () => {
    const query = {
      from: '2024-10-01',
      to: '2025-11-10',
      granularity: 'quarterHour',
      groupBy: 'tag',
      format: 'csv',
    };
    for (let round = 0; round < 3; round += 1) {
      const sent = request(app().url + pathOf('series', query), { headers });
      sent.end();
      const [response] = await once(sent, 'response');
      await once(response, 'data');
      response.on('error', () => {});
      response.destroy();
    }
    const rows = readCsv((await file('series', { ...query, from: '2025-11-01' }, 'text/csv')).toString());
    expect((rows.length - 1) % (9 * 96)).toBe(0);
  });
});

describe('every list that offers files in the OpenAPI document', () => {
  const lists = operations.filter(
    ({ operation }) => 'text/csv' in (responseOf(operation, 200)?.content ?? {}),
  );

  it('is a list or series of the usage API', () => {
    expect(lists.map(({ path }) => path.replace('/api/v1/usage/', '')).sort()).toEqual([
      ...['configurations', 'heatmap', 'series', 'sessions', 'tags'],
    ]);
  });

  it.each(lists.map(({ path }) => path))('returns each documented media type: %s', async (path) => {
    const content = responseOf(lists.find((one) => one.path === path)?.operation as never, 200).content ?? {};
    for (const type of Object.keys(content)) {
      const answer = await fetch(`${app().url}${path}?range=last7days`, {
        headers: { ...headers, accept: type },
      });
      expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([200, type]);
      await answer.arrayBuffer();
    }
  });

  const faulty: [string, string[]][] = [
    ['format=pdf', ['/format']],
    ['format=csv&format=xlsx', ['/format']],
    ['format=xlsx&excel=true', ['/excel']],
    ['format=json&csv=raw', ['/csv']],
    ['excel=maybe&format=csv', ['/excel']],
    ['csv=unsafe&format=csv', ['/csv']],
  ];
  it.each(lists.map(({ path }) => path))('reports invalid file parameters: %s', async (path) => {
    const isPaged = !/heatmap|series/.test(path);
    const paged: typeof faulty = [
      ['format=csv&limit=5', ['/limit']],
      ['format=xlsx&limit=50&cursor=x', ['/limit', '/cursor']],
    ];
    for (const [search, paths] of [...faulty, ...(isPaged ? paged : [])]) {
      const { status, body } = await call(app().url, 'GET', `${path}?range=last7days&${search}`);
      const named = new Set((body['errors'] as { path: string }[]).map((fault) => fault.path));
      expect([search, status, body['code'], [...named]]).toEqual([search, 400, 'invalid_request', paths]);
    }
  });

  it.each(['csv', 'jsonl', 'xlsx'])(
    'returns a problem response if the request is rejected (format: %s)',
    async (format) => {
      const problem = async (query: Query) => {
        const {
          status,
          body,
          headers: answered,
        } = await call(app().url, 'GET', pathOf('series', { ...query, format }));
        expect(answered.get('content-type')).toBe('application/problem+json; charset=utf-8');
        return [status, body['code'], body['granularity']];
      };
      expect(await problem({ timeZone: 'Mars/Olympus' })).toEqual([400, 'invalid_time_zone', undefined]);
      const century = { from: '1990-01-01', to: '2090-01-01' };
      const quarters = await problem({ ...century, granularity: 'quarterHour' });
      expect(quarters).toEqual([422, 'too_many_points', 'day']);
      const decade = { from: '2016-01-01', to: '2026-01-01', granularity: 'quarterHour' };
      if (format === 'xlsx') expect(await problem(decade)).toEqual([422, 'workbook_too_large', 'hour']);
    },
  );
});
