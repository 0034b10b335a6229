import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { call } from '../../support/api.ts';
import { type PastSession, useHistory } from './support/history.ts';

const zones = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'America/St_Johns', 'Africa/Cairo', 'Asia/Kathmandu'],
  ...['Australia/Lord_Howe', 'Pacific/Chatham', 'America/Havana', 'America/Nuuk', 'Pacific/Kiritimati'],
];
const fromMs = Date.UTC(2025, 9, 1);
const toMs = Date.UTC(2026, 6, 1);

/** Local midnights near clock changes in the zones. Many of the sessions are close to one of them. */
const edges = zones.flatMap((zone) =>
  ['2025-10-26', '2025-11-02', '2026-01-01', '2026-03-08', '2026-03-29', '2026-04-05', '2026-04-24'].map(
    (date) => Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds,
  ),
);
const sessions: PastSession[] = fc
  .sample(
    fc.record({
      timeMs: fc.oneof(
        fc.integer({ min: fromMs, max: toMs - 1 }),
        fc
          .tuple(fc.constantFrom(...edges), fc.constantFrom(-1, 0, 1, 899_999, 3_600_000, -3_600_001))
          .map(([edge, offset]) => edge + offset),
      ),
      configurationId: fc.constantFrom('alpha', 'beta', 'gamma'),
      tags: fc.subarray(['news', 'News', 'x', "it's", 'other'], { maxLength: 3 }),
    }),
    { numRuns: 1500, seed: 20261130 },
  )
  .filter(({ timeMs }) => timeMs >= fromMs);

const app = useHistory(sessions);

interface Bucket {
  readonly start: string;
  readonly end: string;
  readonly sessions: number;
}
interface Series {
  readonly key: string | null;
  readonly isOther: boolean;
  readonly sessions: number;
  readonly buckets: readonly Bucket[];
  readonly previous?: readonly Bucket[];
  readonly previousSessions?: number;
}

async function get(path: string): Promise<Record<string, unknown>> {
  return (await call(app().url, 'GET', path)).body;
}
async function seriesOf(query: Record<string, string | readonly string[]>): Promise<Series[]> {
  const { status, body } = await call(app().url, 'GET', `/api/v1/usage/series?${parameters(query)}`);
  expect([status, body['detail']]).toEqual([200, undefined]);
  return body['series'] as Series[];
}
function parameters(query: Record<string, string | readonly string[]>): string {
  const search = new URLSearchParams();
  for (const [name, values] of Object.entries(query))
    for (const value of [values].flat()) search.append(name, value);
  return search.toString();
}

const keysOf = ({ configurationId, tags }: PastSession, groupBy: string): (string | null)[] => {
  if (groupBy === 'none') return [null];
  if (groupBy === 'configuration') return [configurationId];
  return tags.length === 0 ? [null] : [...tags];
};
const startOf = (date: string, zone: string) =>
  Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;

/** Expects that each bucket matches a direct count, and that the buckets are contiguous and cover the window. */
function expectPlainCounts(
  series: readonly Series[],
  groupBy: string,
  windowMs: readonly [number, number],
  counted = sessions,
): void {
  for (const { key, isOther, buckets, sessions: total } of series) {
    if (isOther) continue;
    const times = counted
      .filter((session) => keysOf(session, groupBy).includes(key))
      .map(({ timeMs }) => timeMs)
      .filter((ms) => ms >= windowMs[0] && ms < windowMs[1]);
    expect(total).toBe(times.length);
    for (const { start, end, sessions: count } of buckets) {
      const [startMs, endMs] = [Date.parse(start), Date.parse(end)];
      expect([key, start, count]).toEqual([
        key,
        start,
        times.filter((ms) => ms >= startMs && ms < endMs).length,
      ]);
    }
    for (const [index, { start }] of buckets.entries())
      if (index > 0) expect(start).toBe(buckets[index - 1]?.end);
    expect(Date.parse(buckets[0]?.start ?? '')).toBeLessThanOrEqual(windowMs[0]);
    expect(Date.parse(buckets.at(-1)?.end ?? '')).toBeGreaterThanOrEqual(windowMs[1]);
  }
}

describe('a usage series', () => {
  it('matches a direct count in every zone, granularity and grouping', async () => {
    const anyDay = fc
      .integer({ min: -5, max: 280 })
      .map((days) => Temporal.PlainDate.from('2025-10-01').add({ days }));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...zones),
        fc.constantFrom('hour', 'day', 'week', 'month', 'quarter', 'year'),
        fc.constantFrom('none', 'configuration', 'tag'),
        anyDay,
        fc.integer({ min: 1, max: 100 }),
        async (timeZone, granularity, groupBy, from, days) => {
          const to = from.add({ days: granularity === 'hour' ? Math.min(days, 20) : days });
          const series = await seriesOf({ timeZone, granularity, groupBy, from: `${from}`, to: `${to}` });
          expectPlainCounts(series, groupBy, [startOf(`${from}`, timeZone), startOf(`${to}`, timeZone)]);
          const totals = series.map(({ sessions: count }) => count);
          expect(totals).toEqual(totals.toSorted((left, right) => right - left));
        },
      ),
      { numRuns: 40 },
    );
  }, 180_000);

  it('has whole buckets, but counts only sessions between the given instants', async () => {
    const [from, to] = ['2025-10-26T00:20:00.001+02:00', '2025-10-26T13:59:59.999Z'];
    const series = await seriesOf({ timeZone: 'Europe/Berlin', granularity: 'hour', from, to });
    expectPlainCounts(series, 'none', [Date.parse(from), Date.parse(to)]);
    expect(series[0]?.buckets[0]?.start).toBe('2025-10-26T00:00:00.000+02:00');
    expect(series[0]?.buckets).toHaveLength(16);
  });

  it('applies the filters by tag and by configuration', async () => {
    const range = { from: '2025-10-01', to: '2026-07-02', granularity: 'month' };
    const taggedTwice = sessions.filter(({ tags }) => tags.includes('news') && tags.includes('x'));
    const window = [startOf(range.from, 'UTC'), startOf(range.to, 'UTC')] as const;
    expectPlainCounts(
      await seriesOf({ ...range, tag: ['news', 'x'], match: 'all' }),
      'none',
      window,
      taggedTwice,
    );
    const untagged = sessions.filter(
      ({ tags, configurationId }) => tags.length === 0 && configurationId === 'beta',
    );
    expectPlainCounts(
      await seriesOf({ ...range, untagged: 'true', configurationId: 'beta' }),
      'none',
      window,
      untagged,
    );
    expect((await seriesOf({ ...range, tag: 'never' }))[0]?.sessions).toBe(0);
  });

  it('sums the groups beyond `top` in a separate series, even if a tag is named other', async () => {
    const range = { from: '2025-10-01', to: '2026-07-02', granularity: 'month', groupBy: 'tag' };
    const all = await seriesOf(range);
    expect(all.map(({ isOther }) => isOther)).toEqual(all.map(() => false));
    const top = await seriesOf({ ...range, top: '2' });
    expect(top.slice(0, 2)).toEqual(all.slice(0, 2));
    const beyondTop = all.slice(2);
    expect(top[2]).toMatchObject({ key: 'other', isOther: true });
    expect(top[2]?.sessions).toBe(beyondTop.reduce((sum, { sessions: count }) => sum + count, 0));
    for (const [index, bucket] of (top[2]?.buckets ?? []).entries())
      expect(bucket.sessions).toBe(
        beyondTop.reduce((sum, { buckets }) => sum + (buckets[index]?.sessions ?? 0), 0),
      );
    expect(top).toHaveLength(3);
  });

  it('by tag includes the number of distinct sessions', async () => {
    const body = await get('/api/v1/usage/series?from=2025-10-01&to=2026-07-02&groupBy=tag&granularity=year');
    expect(body['distinctSessions']).toBe(sessions.length);
    expect(body['granularity']).toBe('year');
  });

  it.each(['previous', 'previousYear'])(
    'compares each bucket with a bucket of the range "%s"',
    async (compare) => {
      for (const fair of ['weekday', 'elapsed'])
        for (const granularity of ['hour', 'day', 'month']) {
          const query = {
            timeZone: 'Europe/Berlin',
            from: '2026-03-28',
            to: '2026-04-04',
            granularity,
            compare,
            fair,
          };
          const [series] = await seriesOf(query);
          const previous = series?.previous ?? [];
          expect(previous).toHaveLength(series?.buckets.length ?? 0);
          for (const { start, end, sessions: counted } of previous) {
            const [startMs, endMs] = [Date.parse(start), Date.parse(end)];
            const plain = sessions.filter(({ timeMs }) => timeMs >= startMs && timeMs < endMs).length;
            expect([fair, granularity, start, counted]).toEqual([fair, granularity, start, plain]);
          }
          // The range is in the past, so the comparison covers the whole range.
          expect(series?.previousSessions).toBe(previous.reduce((sum, bucket) => sum + bucket.sessions, 0));
        }
    },
  );

  it('starts days, weeks, months and hours as the time zone vectors define them', async () => {
    const file = new URL('../../fixtures/time-zones/vectors.json', import.meta.url);
    const vectors = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>[];
    const starts = { day: 'dayStart', week: 'weekStart', month: 'monthStart', hour: 'hourStart' };
    for (const vector of vectors.filter(({ note }) => !/needs tzdata/.test(note ?? '')))
      for (const [granularity, member] of Object.entries(starts)) {
        const { zone: timeZone = '', instant = '' } = vector;
        const to = new Date(Date.parse(instant) + 1).toISOString();
        const [series] = await seriesOf({ timeZone, granularity, from: instant, to });
        expect([timeZone, instant, granularity, series?.buckets.length]).toEqual([
          timeZone,
          instant,
          granularity,
          1,
        ]);
        const start = new Date(series?.buckets[0]?.start ?? '').toISOString().replace('.000', '');
        expect([timeZone, instant, start]).toEqual([timeZone, instant, vector[member]]);
      }
  }, 120_000);

  it.each([
    ...[
      'today',
      'yesterday',
      'last7days',
      'last28days',
      'last91days',
      'thisMonth',
      'lastMonth',
      'thisQuarter',
    ],
    ...['lastQuarter', 'thisYear', 'lastYear', 'last12months', 'all'],
  ])('accepts range=%s', async (range) => {
    const body = await get(`/api/v1/usage/series?range=${range}&granularity=month&timeZone=Asia/Kathmandu`);
    const [series] = body['series'] as Series[];
    const window = [Date.parse(String(body['from'])), Date.parse(String(body['to']))] as const;
    expectPlainCounts(series === undefined ? [] : [series], 'none', window);
    if (range === 'all') expect(series?.sessions).toBe(sessions.length);
  });
});

describe('an invalid series request', () => {
  const faultsOf = async (query: string) => {
    const { status, body } = await call(app().url, 'GET', `/api/v1/usage/series?${query}`);
    const paths = ((body['errors'] ?? []) as { path: string }[]).map(({ path }) => path).sort();
    return [status, body['code'], paths];
  };

  it.each([
    ['from=2026-01-02&to=2026-01-01', ['/to']],
    ['from=2026-01-01&to=2026-01-01', ['/to']],
    ['from=2026-01-01', ['/to']],
    ['to=2026-01-01', ['/from']],
    ['from=2026-02-30&to=x', ['/from', '/to']],
    ['from=2026-01-01T00:00:00&to=2026-01-02', ['/from']],
    ["from='%20OR%201=1&to=2026-01-02", ['/from']],
    ['from=1969-12-31&to=2026-01-02', ['/from']],
    ['range=today&from=2026-01-01', ['/range']],
    ['range=sometimes', ['/range']],
    ['range=all&compare=previous', ['/compare']],
    ['compare=previous&from=2026-01-01T00:00:00Z&to=2026-01-02', ['/compare']],
    ['fair=weekday&range=today', ['/fair']],
    ['granularity=minute', ['/granularity']],
    ['top=0', ['/top']],
    ['top=501', ['/top']],
    ['timeZone=Mars/Base&from=2026-01-02&to=2026-01-01T00&fair=elapsed', ['/fair', '/timeZone', '/to']],
  ])('with %s is rejected with every error', async (query, paths) => {
    expect(await faultsOf(query)).toEqual([400, 'invalid_request', paths]);
  });

  it('is rejected if the requested time zone is unknown', async () => {
    expect(await faultsOf('timeZone=Mars/Base')).toEqual([400, 'invalid_time_zone', ['/timeZone']]);
    const { body } = await call(app().url, 'GET', '/api/v1/usage/series?timeZone=Mars/Base');
    expect(body['detail']).toContain('GET /api/v1/time-zones');
  });

  it('is rejected if it would return too many points, and the error suggests a granularity that fits', async () => {
    const query = 'from=2016-01-01&to=2026-01-01&granularity=quarterHour';
    const { status, body } = await call(app().url, 'GET', `/api/v1/usage/series?${query}`);
    expect([status, body['code'], body['granularity']]).toEqual([422, 'too_many_points', 'day']);
    expect(body['detail']).toContain('granularity=day');
    const fitting = await call(
      app().url,
      'GET',
      `/api/v1/usage/series?${query.replace('quarterHour', 'day')}`,
    );
    expect(fitting.status).toBe(200);
  });
});
