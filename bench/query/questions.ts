import {
  type Buckets,
  everything,
  singleSpan,
  type UsageFilter,
  type UsageQuery,
  windowQuery,
} from '../../src/usage/query/query.ts';
import type { TimeWindow } from '../../src/usage/time/time-windows.ts';

const dayMs = 86_400_000;
/** UTC offset of Asia/Kathmandu, in milliseconds. */
const offsetMs = 20_700_000;

/** Returns the queries that the bench measures, by name. Days and months are local to Asia/Kathmandu. */
export function questionsAt(endMs: number): Readonly<Record<string, UsageQuery>> {
  const midnight = Math.floor((endMs + offsetMs) / dayMs) * dayMs - offsetMs;
  const today = { startMs: midnight, endMs: midnight + dayMs };
  const daysBack = (days: number): TimeWindow => ({
    startMs: today.endMs - days * dayMs,
    endMs: today.endMs,
  });
  const all = everything();
  const one = { ...all, configurationIds: ['configuration-0'] };
  const oneTag = { ...all, tags: ['tag-0'] };
  const year = daysBack(365);
  return {
    summaryOfEverything: windowQuery(all, 'none', today),
    summaryOfConfiguration: windowQuery(one, 'none', today),
    summaryOfTag: windowQuery(oneTag, 'none', today),
    configurations: windowQuery(all, 'configuration', today),
    tags: windowQuery(all, 'tag', today),
    monthByHour: inBuckets(all, daysBack(30), { kind: 'starts', starts: startsOf(daysBack(30), 3_600_000) }),
    yearByDayOfConfiguration: inBuckets(one, year, { kind: 'starts', starts: startsOf(year, dayMs) }),
    threeYearsByDay: inBuckets(all, daysBack(1095), {
      kind: 'starts',
      starts: startsOf(daysBack(1095), dayMs),
    }),
    yearByDay: inBuckets(all, year, { kind: 'starts', starts: startsOf(year, dayMs) }),
    heatMapOf91Days: inBuckets(all, daysBack(91), { kind: 'weekdayHours', offsetSeconds: offsetMs / 1000 }),
    yearByMonthAndTag: {
      ...inBuckets(all, year, { kind: 'starts', starts: monthStarts(year) }),
      groupBy: 'tag',
    },
  };
}

/** Returns the queries for a table with a million distinct tags, by name. */
export function tagQuestionsAt(endMs: number): Readonly<Record<string, UsageQuery>> {
  const { tags, summaryOfTag, summaryOfEverything, configurations } = questionsAt(endMs);
  if (!tags || !summaryOfTag || !summaryOfEverything || !configurations)
    throw new Error('a question is missing');
  return {
    ...{ summaryOfEverything, configurations, summaryOfTag },
    top50Tags: { ...tags, limit: 51 },
    tagsByPrefix: { ...tags, limit: 51, keyPrefix: 'TAG-123' },
    tagsByName: { ...tags, limit: 51, order: { by: 'key', descending: false } },
  };
}

function inBuckets(filter: UsageFilter, window: TimeWindow, buckets: Buckets): UsageQuery {
  return {
    filter,
    groupBy: 'none',
    spans: [singleSpan('total'), { name: 'range', stretches: [{ window, buckets }] }],
    order: { by: 'total', descending: true },
  };
}

function startsOf({ startMs, endMs }: TimeWindow, stepMs: number): number[] {
  return Array.from(
    { length: Math.ceil((endMs - startMs) / stepMs) },
    (_, step) => (startMs + step * stepMs) / 1000,
  );
}

function monthStarts({ startMs, endMs }: TimeWindow): number[] {
  const first = new Date(startMs + offsetMs);
  const starts = Array.from(
    { length: 14 },
    (_, month) => Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month) - offsetMs,
  );
  return [startMs, ...starts.filter((ms) => ms > startMs && ms < endMs)].map((ms) => ms / 1000);
}
