import fc from 'fast-check';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import type { Buckets, GroupBy, UsageFilter } from '../../../src/usage/query/query.ts';
import type { TimeWindow } from '../../../src/usage/time/time-windows.ts';
import { randomName, sessionEvent } from '../../support/arbitrary-events.ts';

/**
 * These lists are short, so that filters match often. Both organisations use the same configuration ids, to test their
 * separation.
 */
const organisations = ['default', 'other-org'];
const configurations = ['a', 'b', 'A', 'c-1'];
const tags = [
  'news',
  'News',
  "it's",
  'a"b\\c',
  '\\N',
  'NULL',
  '%',
  "'] OR 1=1 --",
  'tab\tnew\nline\u0000',
  '\u{1f600}',
  '\u00e9',
  'e\u0301',
  ' ',
];

export const quarterMs = 900_000;
/** All events are from the four days that start here and include the end of November. */
export const fromMs = Date.UTC(2026, 10, 29);
const spanMs = 4 * 86_400_000;

/** The number of viewers is small, so that most viewers have several sessions. */
const viewerCount = 60;

const anyTimeMs = fc.oneof(
  fc.integer({ min: 0, max: spanMs - 1 }),
  fc
    .tuple(fc.nat(spanMs / quarterMs - 1), fc.constantFrom(0, quarterMs - 1))
    .map(([quarter, ms]) => quarter * quarterMs + ms),
);
const anyUse = fc.record({
  organisationId: fc.constantFrom(...organisations),
  configurationId: fc.constantFrom(...configurations),
  tags: fc.subarray(tags, { maxLength: 4 }),
  timeMs: anyTimeMs.map((ms) => fromMs + ms),
  viewer: fc.nat(viewerCount - 1).map((index) => index.toString(16).padStart(32, '0')),
});

/** Generates random events from one producer. */
export function randomEvents(count: number, seed: number): SessionEvent[] {
  const producer = randomName('producer');
  return fc
    .sample(anyUse, { numRuns: count, seed })
    .map((use, index) => sessionEvent({ ...use, producer, sequence: index + 1 }));
}

export const anyFilter: fc.Arbitrary<UsageFilter> = fc.record({
  organisationId: fc.option(fc.constantFrom(...organisations, 'unknown-org', "it's"), {
    nil: undefined,
    freq: 2,
  }),
  configurationIds: fc.subarray([...configurations, "x' OR 1", 'never'], { maxLength: 3 }),
  tags: fc.oneof(fc.constant([]), fc.subarray([...tags, 'never'], { minLength: 1, maxLength: 3 })),
  match: fc.constantFrom('any', 'all'),
  untagged: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
});

/** Generates window edges at and between the boundaries of quarter hours, days and months. */
const anyEdgeMs = fc.oneof(
  fc.integer({ min: -2 * quarterMs, max: spanMs + 2 * quarterMs }),
  fc.integer({ min: -10, max: spanMs / quarterMs + 10 }).map((quarter) => quarter * quarterMs),
  fc.integer({ min: -1, max: 5 }).map((day) => day * 86_400_000),
);

export const anyMillisecondWindow: fc.Arbitrary<TimeWindow> = fc
  .oneof(
    fc.tuple(anyEdgeMs, anyEdgeMs),
    // Windows that contain all of November, all of December, or both.
    fc.constantFrom([-40, 40], [-28, 3], [2, 60]).map((days) => days.map((day) => day * 86_400_000)),
  )
  .map(([firstMs = 0, secondMs = 0]) => ({
    startMs: fromMs + Math.min(firstMs, secondMs),
    endMs: fromMs + Math.max(firstMs, secondMs),
  }));

/** Generates bucket starts. The first is before the window. The others can be inside quarter hours, days and months. */
const anyStarts = fc
  .array(anyEdgeMs, { maxLength: 12 })
  .map((edges) => [-100 * 86_400_000, ...edges].map((edge) => Math.floor((fromMs + edge) / 1000)))
  .map((starts) => [...new Set(starts)].sort((left, right) => left - right));
const evenStarts = fc
  .tuple(fc.constantFrom(900, 3600, 5400, 86_400, 7 * 86_400), fc.nat(3600))
  .map(([step, offset]) =>
    Array.from({ length: 600 }, (_, index) => fromMs / 1000 - 200 * step + offset + index * step),
  );

export const anyBuckets: fc.Arbitrary<Buckets> = fc.oneof(
  fc.constant({ kind: 'one' as const }),
  fc.constant({ kind: 'quarterHours' as const }),
  fc.oneof(anyStarts, evenStarts).map((starts) => ({ kind: 'starts' as const, starts })),
  fc
    .constantFrom(0, 3600, -12_600, 20_700, 49_500, 1172)
    .map((offsetSeconds) => ({ kind: 'weekdayHours' as const, offsetSeconds })),
);

export interface Counted {
  readonly n: number;
  readonly lastMs: number;
}

/** Counts the matching events in memory, as the reference for the result of ClickHouse. */
export function countPlainly(
  events: readonly SessionEvent[],
  filter: UsageFilter,
  keysOfEvent: (event: SessionEvent) => readonly (string | null)[],
  window: TimeWindow | undefined,
): Map<string | null, Counted> {
  const counts = new Map<string | null, Counted>();
  for (const event of events.filter((candidate) => matches(candidate, filter) && isWithin(candidate, window)))
    for (const key of keysOfEvent(event)) {
      const { n, lastMs } = counts.get(key) ?? { n: 0, lastMs: 0 };
      counts.set(key, { n: n + 1, lastMs: Math.max(lastMs, event.timeMs) });
    }
  return counts;
}

/** Counts the distinct viewers of the matching events by key in memory, as the reference for the ClickHouse result. */
export function countViewersPlainly(
  events: readonly SessionEvent[],
  filter: UsageFilter,
  keysOfEvent: (event: SessionEvent) => readonly (string | null)[],
  window: TimeWindow | undefined,
): Map<string | null, number> {
  const viewers = new Map<string | null, Set<string>>();
  for (const event of events.filter((candidate) => matches(candidate, filter) && isWithin(candidate, window)))
    for (const key of keysOfEvent(event))
      viewers.set(key, (viewers.get(key) ?? new Set<string>()).add(event.viewer));
  return new Map([...viewers].map(([key, distinct]) => [key, distinct.size]));
}

/** Returns the start of the event's bucket, or the bucket's index for weekday hours. */
export function bucketOf({ timeMs }: SessionEvent, buckets: Buckets): number {
  const seconds = Math.floor(timeMs / 1000);
  if (buckets.kind === 'one') return 0;
  if (buckets.kind === 'quarterHours') return seconds - (seconds % 900);
  if (buckets.kind === 'starts') return buckets.starts.findLast((start) => start <= seconds) ?? Number.NaN;
  const local = new Date(timeMs + buckets.offsetSeconds * 1000);
  return ((local.getUTCDay() + 6) % 7) * 24 + local.getUTCHours();
}

function isWithin({ timeMs }: SessionEvent, window: TimeWindow | undefined): boolean {
  return window === undefined || (window.startMs <= timeMs && timeMs < window.endMs);
}

function matches(event: SessionEvent, filter: UsageFilter): boolean {
  const hasTag = (tag: string) => event.tags.includes(tag);
  const hasTags = filter.match === 'all' ? filter.tags.every(hasTag) : filter.tags.some(hasTag);
  return (
    (filter.organisationId === undefined || filter.organisationId === event.organisationId) &&
    (filter.configurationIds.length === 0 || filter.configurationIds.includes(event.configurationId)) &&
    (filter.tags.length === 0 || hasTags) &&
    (!filter.untagged || event.tags.length === 0)
  );
}

/** Returns the group keys of an event. A group by tag has one key per tag, and null for an event without tags. */
export function keysOf(event: SessionEvent, groupBy: GroupBy): (string | null)[] {
  if (groupBy === 'none') return [];
  if (groupBy === 'configuration') return [event.configurationId];
  if (groupBy === 'organisation') return [event.organisationId];
  return event.tags.length === 0 ? [null] : [...event.tags];
}
