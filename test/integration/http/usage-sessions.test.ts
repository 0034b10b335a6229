import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { call } from '../../support/api.ts';
import { type PastSession, useHistory } from './support/history.ts';

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Africa/Cairo',
];
const range = { from: '2025-10-01', to: '2026-06-01' };

/** Sessions around clock changes. Several of them are in the same millisecond, or at the end of a month. */
const history: PastSession[] = fc.sample(
  fc.record({
    timeMs: fc.oneof(
      fc.integer({ min: Date.UTC(2025, 9, 2), max: Date.UTC(2026, 4, 30) }),
      fc.constantFrom(
        Date.UTC(2025, 9, 26, 1),
        Date.UTC(2025, 10, 1) - 1,
        Date.UTC(2025, 10, 1),
        Date.UTC(2026, 2, 29, 1),
      ),
    ),
    configurationId: fc.constantFrom('alpha', 'beta'),
    tags: fc.subarray(['x', 'y', "it's"], { maxLength: 2 }),
  }),
  { numRuns: 400, seed: 20261130 },
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

describe('the usage heat map', () => {
  it.each(zones)('counts sessions by the local weekday and hour in %s', async (timeZone) => {
    const expected = Array.from({ length: 7 }, (_, weekday) => ({
      weekday: weekday + 1,
      hours: Array<number>(24).fill(0),
    }));
    const window = [range.from, range.to].map(
      (date) => Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds,
    );
    for (const { timeMs } of history) {
      if (timeMs < (window[0] ?? 0) || timeMs >= (window[1] ?? 0)) continue;
      const { dayOfWeek, hour } = Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(timeZone);
      const hours = expected[dayOfWeek - 1]?.hours ?? [];
      hours[hour] = (hours[hour] ?? 0) + 1;
    }
    const body = await get('heatmap', { ...range, timeZone });
    expect(body['weekdays']).toEqual(expected);
    expect(body['sessions']).toBe(history.length);
  });

  it('applies filters, and contains zeros if no session matches', async () => {
    const untagged = await get('heatmap', { ...range, untagged: 'true' });
    expect(untagged['sessions']).toBe(history.filter(({ tags }) => tags.length === 0).length);
    const unmatched = await get('heatmap', { ...range, tag: 'never' });
    expect([unmatched['sessions'], (unmatched['weekdays'] as object[]).length]).toEqual([0, 7]);
  });
});

describe('the list of sessions', () => {
  interface Item {
    readonly id: string;
    readonly time: string;
    readonly configurationId: string;
    readonly tags: string[];
  }

  async function walk(query: Record<string, string>): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: unknown = null;
    do {
      const body = await get('sessions', cursor === null ? query : { ...query, cursor: String(cursor) });
      items.push(...(body['items'] as Item[]));
      cursor = body['nextCursor'];
    } while (cursor !== null);
    return items;
  }

  it.each(['7', '500'])(
    'contains each session once, newest first, in pages of %s',
    async (limit) => {
      const items = await walk({ ...range, limit, timeZone: 'Asia/Kathmandu' });
      expect(new Set(items.map(({ id }) => id)).size).toBe(history.length);
      const times = items.map(({ time }) => Date.parse(time));
      expect(times).toEqual(history.map(({ timeMs }) => timeMs).sort((left, right) => right - left));
      expect(items[0]?.time).toMatch(/\+05:45$/);
    },
    90_000,
  );

  it('applies the range and the filters', async () => {
    const query = {
      from: '2025-10-26T01:00:00.000Z',
      to: '2025-11-01T00:00:00.000Z',
      tag: "it's",
      limit: '3',
    };
    const items = await walk(query);
    const expected = history.filter(
      ({ timeMs, tags }) =>
        timeMs >= Date.parse(query.from) && timeMs < Date.parse(query.to) && tags.includes("it's"),
    );
    expect(items.map(({ time }) => Date.parse(time))).toEqual(
      expected.map(({ timeMs }) => timeMs).sort((left, right) => right - left),
    );
    expect(expected.length).toBeGreaterThan(5);
  });

  it('rejects a cursor that it did not issue', async () => {
    const cursor = Buffer.from('[1,"x"]').toString('base64url');
    const { status, body } = await call(app().url, 'GET', `/api/v1/usage/sessions?cursor=${cursor}`);
    expect([status, body['code']]).toEqual([400, 'invalid_cursor']);
  });
});

describe('the list of time zones', () => {
  it('contains each zone once with aliases, offset and countries, and usage queries accept the aliases', async () => {
    const { status, body } = await call(app().url, 'GET', '/api/v1/time-zones');
    expect([status, body['tzdata']]).toEqual([200, expect.stringMatching(/^20\d\d[a-z]+$/)]);
    const items = body['items'] as { name: string; aliases: string[]; offset: string; countries: string[] }[];
    expect(items.find(({ name }) => name === 'Asia/Kolkata')).toMatchObject({
      offset: '+05:30',
      countries: ['IN'],
    });
    expect(items.find(({ name }) => name === 'UTC')?.offset).toBe('+00:00');
    expect(new Set(items.map(({ name }) => name)).size).toBe(items.length);
    expect(items.length).toBeGreaterThan(300);
    for (const { name, aliases } of items.filter(({ aliases }) => aliases.length > 0).slice(0, 10)) {
      const answer = await call(app().url, 'GET', `/api/v1/usage/summary?timeZone=${aliases[0]}`);
      expect([name, answer.status]).toEqual([name, 200]);
    }
  }, 90_000);
});
