import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import {
  bucketEdges,
  estimateBuckets,
  type Granularity,
  granularities,
} from '../../../../src/usage/time/buckets.ts';
import { dayWindow, formatInstant, formatInstants } from '../../../../src/usage/time/time-windows.ts';
import { parseZone, type Zone } from '../../../../src/usage/time/zones.ts';

const dayMs = 86_400_000;
const zones = [...Intl.supportedValuesOf('timeZone'), 'UTC', 'Asia/Kolkata', 'Etc/GMT-14', 'Etc/GMT+12'].map(
  (name): Zone => parseZone(name) ?? { name: `rejected: ${name}` },
);

/** Generates windows with a zone and a granularity. Half of the windows are near a clock change in their zone. */
const anyWindow = fc
  .record({
    zone: fc.constantFrom(...zones),
    atMs: fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2037, 0) }),
    nearChange: fc.boolean(),
    beforeMs: fc.integer({ min: 0, max: 3 * dayMs }),
    length: fc.integer({ min: 1, max: 100 }),
    granularity: fc.constantFrom(...granularities),
  })
  .map(({ zone, atMs, nearChange, beforeMs, length, granularity }) => {
    const change = nearChange ? zonedAt(atMs, zone).getTimeZoneTransition('next') : null;
    const startMs = (change?.epochMilliseconds ?? atMs) - beforeMs;
    const unitMs = { quarterHour: 900_000, hour: 3_600_000 }[granularity as string] ?? dayMs;
    return { zone, granularity, window: { startMs, endMs: startMs + length * unitMs } };
  });

function zonedAt(ms: number, zone: Zone): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone.name);
}

const steps: Record<
  string,
  { floor: (date: Temporal.PlainDate) => Temporal.PlainDate; next: Temporal.DurationLike }
> = {
  day: { floor: (date) => date, next: { days: 1 } },
  week: { floor: (date) => date.subtract({ days: date.dayOfWeek - 1 }), next: { weeks: 1 } },
  month: { floor: (date) => date.with({ day: 1 }), next: { months: 1 } },
  quarter: {
    floor: (date) => date.with({ day: 1, month: date.month - ((date.month - 1) % 3) }),
    next: { months: 3 },
  },
  year: { floor: (date) => date.with({ day: 1, month: 1 }), next: { years: 1 } },
};

/**
 * Computes the edges of local dates with Temporal. If a clock change at midnight repeats minutes of the old date, these
 * minutes belong to the next date.
 */
function edgesByTemporal(
  window: { startMs: number; endMs: number },
  granularity: Granularity,
  zone: Zone,
): number[] {
  const step = steps[granularity];
  if (step === undefined) throw new Error('dates only');
  const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(zone.name).epochMilliseconds;
  const shown = zonedAt(window.startMs, zone).toPlainDate();
  const next = shown.add({ days: 1 });
  let date = step.floor(startOf(next) <= window.startMs ? next : shown);
  const edges = [startOf(date)];
  while ((edges.at(-1) ?? 0) < window.endMs) {
    date = date.add(step.next);
    edges.push(startOf(date));
  }
  return [...new Set(edges)];
}

describe('bucketEdges', () => {
  it('returns the same edges as Temporal for days, weeks, months, quarters and years, in every zone', () => {
    fc.assert(
      fc.property(anyWindow, ({ window, granularity, zone }) => {
        if (steps[granularity] === undefined) return;
        expect(bucketEdges(window, granularity, zone)).toEqual(edgesByTemporal(window, granularity, zone));
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  it('returns ascending edges that cover the window without extra buckets', () => {
    fc.assert(
      fc.property(anyWindow, ({ window, granularity, zone }) => {
        const edges = bucketEdges(window, granularity, zone);
        expect(edges).toEqual([...new Set(edges)].sort((left, right) => left - right));
        expect(edges[0]).toBeLessThanOrEqual(window.startMs);
        expect(edges[1]).toBeGreaterThan(window.startMs);
        expect(edges.at(-1)).toBeGreaterThanOrEqual(window.endMs);
        expect(edges.at(-2)).toBeLessThan(window.endMs);
        expect(estimateBuckets(window, granularity)).toBeGreaterThanOrEqual(edges.length - 3);
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  it('returns the same months as Temporal from 2020 to 2037, in every zone', () => {
    const wrong: string[] = [];
    for (const zone of zones) {
      const window = { startMs: Date.UTC(2020, 0, 15), endMs: Date.UTC(2037, 11, 15) };
      const expected = edgesByTemporal(window, 'month', zone);
      if (String(bucketEdges(window, 'month', zone)) !== String(expected)) wrong.push(zone.name);
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('returns the hours in the test vectors for irregular days', () => {
    const file = new URL('../../../fixtures/time-zones/hour-days.json', import.meta.url);
    const days = JSON.parse(readFileSync(file, 'utf8')) as {
      zone: string;
      dayStart: string;
      hourStarts: string[];
    }[];
    for (const { zone: name, dayStart, hourStarts } of days) {
      const zone = parseZone(name) ?? { name };
      const day = dayWindow(Date.parse(dayStart), zone);
      const expected = [...hourStarts.map((text) => Date.parse(text)), day.endMs];
      expect(bucketEdges(day, 'hour', zone)).toEqual(expected);
    }
    expect(days).toHaveLength(10);
  });
});

describe('formatInstants', () => {
  it('returns the same text as formatInstant', () => {
    fc.assert(
      fc.property(anyWindow, ({ window, granularity, zone }) => {
        const edges = bucketEdges(window, granularity, zone);
        expect(formatInstants(edges, zone)).toEqual(edges.map((ms) => formatInstant(ms, zone)));
      }),
      { numRuns: 200 },
    );
  }, 120_000);
});
