import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { call } from '../../support/api.ts';
import { type PastSession, useHistory } from './support/history.ts';
import { addApiToken, useInstance } from './support/instance.ts';

/** Sessions around a clock change and the end of a month. */
const history: PastSession[] = fc.sample(
  fc.record({
    timeMs: fc.integer({ min: Date.UTC(2026, 2, 20), max: Date.UTC(2026, 3, 10) }),
    configurationId: fc.constantFrom('alpha', 'beta'),
    tags: fc.subarray(['x', 'y', "it's"], { maxLength: 2 }),
  }),
  { numRuns: 300, seed: 20261130 },
);

const app = useHistory(history);

async function get(path: string, query: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const { status, body } = await call(
    app().url,
    'GET',
    `/api/v1/usage/${path}?${new URLSearchParams(query)}`,
  );
  expect([status, body['detail']]).toEqual([200, undefined]);
  return body;
}

interface Count {
  readonly of: string;
  readonly from: string;
  readonly to: string;
  readonly sessions: number;
  readonly rawSessions?: number;
}
const countsOf = (body: Record<string, unknown>) => body['counts'] as Count[];
const isWithin =
  ({ from, to }: Count) =>
  ({ timeMs }: PastSession) =>
    timeMs >= Date.parse(from) && timeMs < Date.parse(to);

describe('the explanation of a usage query', () => {
  const range = { from: '2026-03-28', to: '2026-04-03' };

  it.each([
    {},
    { timeZone: 'Europe/Berlin', granularity: 'hour' },
    { timeZone: 'Africa/Cairo', granularity: 'day', groupBy: 'tag' },
    { timeZone: 'Asia/Kathmandu', granularity: 'month', groupBy: 'configuration' },
    { compare: 'previous', fair: 'elapsed', granularity: 'week' },
    { tag: "it's" },
    { configurationId: 'beta', untagged: 'true', granularity: 'quarterHour' },
  ])(
    'has counts that agree with the stored rows and with a plain count: %j',
    async (query: Record<string, string>) => {
      const body = await get('explain', { ...range, ...query, raw: 'true' });
      expect(body['agrees']).toBe(true);
      const isAsked = ({ configurationId, tags }: PastSession) =>
        (query['tag'] === undefined || tags.includes(query['tag'])) &&
        (query['configurationId'] === undefined || configurationId === query['configurationId']) &&
        (query['untagged'] === undefined || tags.length === 0);
      const counts = countsOf(body);
      expect(counts.map((count) => count.of)).toEqual(query['compare'] ? ['range', 'previous'] : ['range']);
      for (const count of counts) {
        const expected = history.filter(isAsked).filter(isWithin(count)).length;
        expect([count.sessions, count.rawSessions]).toEqual([expected, expected]);
      }
      expect(Number(body['rowsRead'])).toBeGreaterThan(0);
      expect(body['sampleSessionIds']).toHaveLength(Math.min(10, counts[0]?.sessions ?? 0));
    },
  );

  it('returns the range bounds in UTC, clock changes, day lengths and the grain of each step', async () => {
    const query = { from: '2026-03-01', to: '2026-05-01', timeZone: 'Europe/Berlin', granularity: 'month' };
    const body = await get('explain', query);
    expect(countsOf(body)).toEqual([
      { of: 'range', from: '2026-02-28T23:00:00.000Z', to: '2026-04-30T22:00:00.000Z', sessions: 300 },
    ]);
    expect(body['agrees']).toBeUndefined();
    expect(body['calendar']).toEqual({
      days: 61,
      unusualDays: [
        { date: '2026-03-29', hours: 23, from: '2026-03-28T23:00:00.000Z', to: '2026-03-29T22:00:00.000Z' },
      ],
      clockChanges: [{ at: '2026-03-29T03:00:00.000+02:00', offsetBefore: '+01:00', offsetAfter: '+02:00' }],
    });
    expect(body['buckets']).toBe(2);
    const steps = body['steps'] as { grain: string; windows: { from: string; to: string }[] }[];
    // The steps cover the range without gaps or overlaps.
    const windows = steps
      .flatMap((step) => step.windows)
      .sort((one, other) => (one.from < other.from ? -1 : 1));
    expect(windows[0]?.from).toBe('2026-02-28T23:00:00.000Z');
    expect(windows.at(-1)?.to).toBe('2026-04-30T22:00:00.000Z');
    for (const [index, { from }] of windows.slice(1).entries()) expect(from).toBe(windows[index]?.to);
    expect(new Set(steps.map(({ grain }) => grain)).size).toBe(steps.length);
  });

  it('has sample sessions that the list of sessions also contains', async () => {
    const body = await get('explain', { ...range, tag: 'x' });
    const list = await get('sessions', { ...range, tag: 'x', limit: '500' });
    const ids = (list['items'] as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(body['sampleSessionIds'] as string[]));
  });

  it('accepts the parameters of lists, and rejects the same invalid parameters as a series', async () => {
    await get('explain', { ...range, sort: '-sessions', q: 'a', limit: '5', top: '3' });
    const ten = { from: '2016-01-01', to: '2026-01-01', granularity: 'quarterHour' };
    const { status, body } = await call(
      app().url,
      'GET',
      `/api/v1/usage/explain?${new URLSearchParams(ten)}`,
    );
    expect([status, body['code']]).toEqual([422, 'too_many_points']);
    for (const query of ['cursor=x', 'raw=maybe', 'from=2026-01-01'])
      expect((await call(app().url, 'GET', `/api/v1/usage/explain?${query}`)).status).toBe(400);
  });
});

describe('the delivery state in the explanation of a usage query', () => {
  const instance = useInstance();

  it('is shown only to API tokens with access to all organisations', async () => {
    const configuration = await instance().configuration();
    await instance().session(configuration);
    await instance().settled();
    const all = await instance().get('/api/v1/usage/explain?range=today');
    expect(all.body['delivery']).toEqual({
      producers: [{ producer: expect.any(String), rows: 1, imported: false }],
      duplicatesDropped: 0,
      deadLetters: 0,
      deadLettersInRange: 0,
    });
    const { headers } = await addApiToken(instance(), { scopes: ['usage:read'] });
    const one = await instance().get('/api/v1/usage/explain?range=today', headers);
    expect([one.status, one.body['delivery']]).toEqual([200, undefined]);
    expect(one.body).toMatchObject({ counts: [{ sessions: 1 }] });
  });
});
