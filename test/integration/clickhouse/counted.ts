import fc from 'fast-check';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import type { Grouping } from '../../../src/usage/queries.ts';
import type { UsageFilter, UsageWindow } from '../../../src/usage/usage-store.ts';
import { randomName, sessionEvent } from '../../support/arbitrary-events.ts';

/** A few names, so that filters meet something; the same configuration in two organisations, on purpose. */
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
/** The month's end lies in the middle. */
export const fromMs = Date.UTC(2026, 10, 29);
const spanMs = 4 * 86_400_000;

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
});

/** So many random events of one producer. */
export function randomEvents(count: number, seed: number): SessionEvent[] {
  const producer = randomName('producer');
  return fc
    .sample(anyUse, { numRuns: count, seed })
    .map((use, index) => sessionEvent({ ...use, producer, sequence: index + 1 }));
}

export const anyFilter: fc.Arbitrary<UsageFilter> = fc.record({
  organisationId: fc.option(fc.constantFrom(...organisations, 'nobody', "it's"), { nil: undefined, freq: 2 }),
  configurationIds: fc.subarray([...configurations, "x' OR 1", 'never'], { maxLength: 3 }),
  tags: fc.oneof(fc.constant([]), fc.subarray([...tags, 'never'], { minLength: 1, maxLength: 3 })),
  match: fc.constantFrom('any', 'all'),
  untagged: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
});

export const anyWindow: fc.Arbitrary<UsageWindow> = fc
  .tuple(fc.integer({ min: -10, max: spanMs / quarterMs + 10 }), fc.nat(150))
  .map(([first, quarters]) => ({
    startMs: fromMs + first * quarterMs,
    endMs: fromMs + (first + quarters) * quarterMs,
  }));

export interface Counted {
  readonly n: number;
  readonly lastMs: number;
}

/** The same question, answered by going through all events one by one. */
export function countPlainly(
  events: readonly SessionEvent[],
  filter: UsageFilter,
  grouping: Grouping,
  window: UsageWindow | undefined,
): Map<string | null, Counted> {
  const counts = new Map<string | null, Counted>();
  for (const event of events.filter((one) => isAsked(one, filter) && isWithin(one, window)))
    for (const key of keysOf(event, grouping)) {
      const { n, lastMs } = counts.get(key) ?? { n: 0, lastMs: 0 };
      counts.set(key, { n: n + 1, lastMs: Math.max(lastMs, event.timeMs) });
    }
  return counts;
}

function isWithin({ timeMs }: SessionEvent, window: UsageWindow | undefined): boolean {
  return window === undefined || (window.startMs <= timeMs && timeMs < window.endMs);
}

function isAsked(event: SessionEvent, filter: UsageFilter): boolean {
  const isHere = (tag: string) => event.tags.includes(tag);
  const byTags = filter.match === 'all' ? filter.tags.every(isHere) : filter.tags.some(isHere);
  return (
    (filter.organisationId === undefined || filter.organisationId === event.organisationId) &&
    (filter.configurationIds.length === 0 || filter.configurationIds.includes(event.configurationId)) &&
    (filter.tags.length === 0 || byTags) &&
    (!filter.untagged || event.tags.length === 0)
  );
}

function keysOf(event: SessionEvent, grouping: Grouping): (string | null)[] {
  if (grouping === 'none') return [''];
  if (grouping === 'configuration') return [event.configurationId];
  return event.tags.length === 0 ? [null] : [...event.tags];
}
