import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, createConfiguration, exchange, mint } from '../../support/api.ts';
import { forEachOf } from './support/filter-model.ts';
import { startTimedApp, type TimedApp } from './support/timed-app.ts';

/** Zones with different offsets. In some of them, days start at odd quarter hours or at 01:00, or differ in length. */
const zones = [
  ...['UTC', 'Europe/Berlin', 'Europe/London', 'America/New_York', 'America/St_Johns', 'Africa/Cairo'],
  ...[
    'Asia/Kathmandu',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
    'Pacific/Kiritimati',
    'Etc/GMT+12',
  ],
];

/** Sessions on both sides of midnights. `ask` marks the times at which the test compares the counts. */
const timeline: readonly { readonly at: string; readonly sessions?: number; readonly ask?: true }[] = [
  { at: '2026-03-28T18:14:59.999Z', sessions: 1 }, // Kathmandu: the last millisecond of a day
  { at: '2026-03-28T18:15:00.000Z', sessions: 2 }, // Kathmandu: the first millisecond of the next day
  { at: '2026-03-28T18:20:00.000Z', ask: true },
  { at: '2026-03-28T18:29:59.999Z', sessions: 1 }, // Kolkata: the last millisecond of a day
  { at: '2026-03-28T18:30:00.000Z', sessions: 1, ask: true },
  { at: '2026-03-28T22:59:59.999Z', sessions: 2 }, // Berlin: the last millisecond before a day of 23 hours
  { at: '2026-03-28T23:00:00.000Z', sessions: 1 },
  { at: '2026-03-28T23:59:59.999Z', sessions: 1, ask: true }, // UTC and London: the last millisecond of a day
  { at: '2026-03-29T00:00:00.000Z', sessions: 3 },
  { at: '2026-03-29T10:14:59.999Z', sessions: 1 }, // Chatham (+13:45): the last millisecond of a day
  { at: '2026-03-29T10:15:00.000Z', sessions: 1, ask: true },
  { at: '2026-03-29T21:59:59.999Z', sessions: 1, ask: true }, // Berlin: the last millisecond of the day of 23 hours
  { at: '2026-03-29T22:00:00.000Z', sessions: 2 },
  { at: '2026-04-23T21:59:59.999Z', sessions: 1 }, // Cairo: the last millisecond before a day that starts at 01:00
  { at: '2026-04-23T22:00:00.000Z', sessions: 4, ask: true },
  { at: '2026-10-25T22:59:59.999Z', sessions: 1, ask: true }, // Berlin: the last millisecond of a day of 25 hours
  { at: '2026-10-25T23:00:00.000Z', sessions: 1, ask: true },
];

const eventsMs = timeline.flatMap(({ at, sessions = 0 }) => Array<number>(sessions).fill(Date.parse(at)));

let app: TimedApp;
let configuration: { id: string; publicKey: string };
beforeAll(async () => {
  app = await startTimedApp(Date.parse('2026-03-28T12:00:00Z'));
  configuration = await createConfiguration(app.url);
});
afterAll(() => app.stop());

/** Computes the expected response with Temporal from the list of sessions. */
function expectedAt(nowMs: number, zone: string) {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(zone);
  const startMs = now.startOfDay().epochMilliseconds;
  const past = eventsMs.filter((ms) => ms <= nowMs);
  const formatInstant = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms)
      .toZonedDateTimeISO(zone)
      .toString({ timeZoneName: 'never', fractionalSecondDigits: 3 });
  const last = past.at(-1);
  return {
    dayStart: formatInstant(startMs),
    lastUsed: last === undefined ? null : formatInstant(last),
    today: past.filter((ms) => ms >= startMs).length,
    total: past.length,
  };
}

async function waitUntilComplete(nowMs: number): Promise<void> {
  await expect
    .poll(
      async () =>
        Date.parse(String((await call(app.url, 'GET', '/api/v1/usage/summary')).body['completeThrough'])),
      {
        timeout: 10_000,
      },
    )
    .toBeGreaterThanOrEqual(nowMs);
}

describe('the count of today', () => {
  it.each(timeline)('is correct in every zone at $at', async ({ at, sessions = 0, ask = false }) => {
    app.clock.ms = Date.parse(at);
    for (let count = 0; count < sessions; count += 1) {
      const answer = await exchange(app.url, await mint(configuration, { sub: 'a', trc: ['tag'] }));
      expect(answer.status).toBe(200);
    }
    if (!ask) return;
    // The counts of a millisecond are final only after it has passed.
    app.clock.ms += 1;
    await waitUntilComplete(app.clock.ms);
    app.clock.ms -= 1;
    await forEachOf(zones, async (zone) => {
      const { body } = await call(
        app.url,
        'GET',
        `/api/v1/usage/summary?timeZone=${encodeURIComponent(zone)}`,
      );
      const { dayStart, lastUsed, today, total } = body;
      expect({ zone, dayStart, lastUsed, today, total }).toEqual({ zone, ...expectedAt(app.clock.ms, zone) });
    });
  });

  it('is the same in every usage response, which contains the zone in its canonical case', async () => {
    const zone = 'asia/YEREVAN';
    const { today, total, dayStart, lastUsed } = expectedAt(app.clock.ms, zone);
    const counts = { today, total, lastUsed };
    const get = async (path: string) => (await call(app.url, 'GET', `${path}?timeZone=${zone}`)).body;
    const frame = { timeZone: 'Asia/Yerevan', dayStart };
    expect(await get('/api/v1/usage/configurations')).toMatchObject({ ...frame, items: [counts] });
    expect(await get('/api/v1/usage/tags')).toMatchObject({ ...frame, items: [{ tag: 'tag', ...counts }] });
    expect(await get('/api/v1/usage/tags/tag')).toMatchObject({ ...frame, ...counts });
    const window = await get(`/api/v1/web-access-tokens/configurations/${configuration.id}/usage`);
    expect(window).toMatchObject({ ...frame, ...counts });
  });

  it.each([
    'Mars/Base',
    'local',
    '+02:00',
    'UTC+2',
    'CST6CD',
    'Europe/',
    '%00',
    'a'.repeat(64),
    'a'.repeat(65),
    '',
  ])('is rejected with 400 for the invalid zone %j', async (zone) => {
    for (const path of ['/api/v1/usage/summary', '/api/v1/usage/tags', '/api/v1/usage/configurations']) {
      const { status, body } = await call(app.url, 'GET', `${path}?timeZone=${zone}`);
      expect(status).toBe(400);
      expect(body['errors']).toEqual([{ path: '/timeZone', message: expect.any(String) }]);
    }
  });
});
