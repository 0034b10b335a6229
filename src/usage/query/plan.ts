import { type Grain, type GrainDetail, type GrainTime, usageGrainOf } from '../../events/grains.ts';
import type { TimeWindow } from '../time/time-windows.ts';
import { nextUtcMonth, quarterHourMs, utcDayMs, utcMonthStart } from '../time/utc-units.ts';
import type { Buckets, Stretch, UsageQuery } from './query.ts';
import type { PlanStep, UsagePlan } from './steps/step.ts';

/**
 * Maximum number of windows in a step of months or days. With more windows, the statement would cost more than the
 * coarse grain saves.
 */
const mostWindows = 64;
/** Range of times that ClickHouse's DateTime can represent. */
const storable: TimeWindow = { startMs: 0, endMs: 0xffff_ffff * 1000 };

/**
 * Plans the reads of a query. Whole months and days are read from coarse grains, the rest from quarter hours.
 * Incomplete quarter hours at the edges of a bucket or window are read from the rows. Each session in a span (time
 * range) is read by exactly one step.
 */
export function planUsage(query: UsageQuery): UsagePlan {
  const detail = detailOf(query);
  const grainOf = (time: GrainTime) => usageGrainOf(time, detail);
  const steps = query.spans.flatMap(({ stretches }, span) =>
    stretches.flatMap((stretch) => stepsOf(stretch, grainOf).map((step) => ({ ...step, span }))),
  );
  return { query, steps };
}

/** Returns the detail that a grain must have, so that it contains all columns that the query groups or filters by. */
export function detailOf({ groupBy, filter }: Pick<UsageQuery, 'groupBy' | 'filter'>): GrainDetail {
  if (groupBy === 'tag' || filter.tags.length > 0 || filter.untagged) return 'tags';
  return groupBy === 'configuration' || filter.configurationIds.length > 0 ? 'configuration' : 'organisation';
}

type Cover = ReadonlyMap<GrainTime | 'rows', readonly TimeWindow[]>;

type GrainOf = (time: GrainTime) => Grain | undefined;

function stepsOf({ window, buckets }: Stretch, grainOf: GrainOf): Omit<PlanStep, 'span'>[] {
  if (window === undefined) {
    const totals = grainOf('month');
    if (buckets.kind !== 'one') throw new Error('buckets need a window');
    return [{ grain: totals, windows: undefined, buckets }];
  }
  const times = (['month', 'day', 'quarter'] as const).filter(grainOf);
  return [...coverOf(window, buckets, times)].map(([time, windows]) => ({
    grain: time === 'rows' ? undefined : grainOf(time),
    windows,
    buckets,
  }));
}

/**
 * Divides a window among grains, the coarsest first. A grain can be used for a part only if it can assign the
 * sessions in this part to buckets.
 */
function coverOf(window: TimeWindow, buckets: Buckets, times: readonly GrainTime[]): Cover {
  const bounded = {
    startMs: Math.max(window.startMs, storable.startMs),
    endMs: Math.min(window.endMs, storable.endMs),
  };
  const cover = new Map<GrainTime | 'rows', readonly TimeWindow[]>();
  let rest = bounded.startMs < bounded.endMs ? [bounded] : [];
  for (const time of times) {
    const { taken, left } = takeWhole(rest, time, buckets);
    if (taken.length === 0 || (time !== 'quarter' && taken.length > mostWindows)) continue;
    cover.set(time, taken);
    rest = left;
  }
  if (rest.length > 0) cover.set('rows', rest);
  return cover;
}

/**
 * Splits windows into whole units of a grain (`taken`) and the rest (`left`). A unit is not taken if a bucket starts
 * inside it.
 */
function takeWhole(windows: readonly TimeWindow[], time: GrainTime, buckets: Buckets) {
  const taken: TimeWindow[] = [];
  const left: TimeWindow[] = [];
  for (const window of windows) {
    let atMs = window.startMs;
    for (const unit of wholeUnits(window, time, buckets)) {
      if (unit.startMs > atMs) append(left, { startMs: atMs, endMs: unit.startMs });
      append(taken, unit);
      atMs = unit.endMs;
    }
    if (atMs < window.endMs) append(left, { startMs: atMs, endMs: window.endMs });
  }
  return { taken, left };
}

function append(windows: TimeWindow[], { startMs, endMs }: TimeWindow): void {
  const last = windows.at(-1);
  if (last?.endMs === startMs) windows[windows.length - 1] = { startMs: last.startMs, endMs };
  else windows.push({ startMs, endMs });
}

function wholeUnits(window: TimeWindow, time: GrainTime, buckets: Buckets): TimeWindow[] {
  const cuts = cutsOf(buckets);
  if (cuts === 'within quarters') return [];
  if (time === 'quarter') return wholeQuarters(window, cuts === 'between quarters' ? [] : cuts);
  if (cuts === 'between quarters') return [];
  const units: TimeWindow[] = [];
  const next = time === 'month' ? nextUtcMonth : (ms: number) => ms + utcDayMs;
  const floor = time === 'month' ? utcMonthStart : (ms: number) => ms - (ms % utcDayMs);
  let startMs = floor(window.startMs);
  if (startMs < window.startMs) startMs = next(startMs);
  for (let endMs = next(startMs); endMs <= window.endMs; endMs = next(startMs)) {
    if (!hasInside(cuts, startMs, endMs)) units.push({ startMs, endMs });
    startMs = endMs;
  }
  return units;
}

/**
 * Returns the bucket starts in epoch milliseconds. If `buckets` does not list the starts, returns whether they can be
 * inside a quarter hour.
 */
function cutsOf(buckets: Buckets): readonly number[] | 'between quarters' | 'within quarters' {
  if (buckets.kind === 'one') return [];
  if (buckets.kind === 'starts') return buckets.starts.map((seconds) => seconds * 1000);
  const isAligned = buckets.kind === 'quarterHours' || (buckets.offsetSeconds * 1000) % quarterHourMs === 0;
  return isAligned ? 'between quarters' : 'within quarters';
}

/**
 * Returns the whole quarter hours in a window, without those in which a bucket starts. Adjacent quarter hours are
 * joined.
 */
function wholeQuarters({ startMs, endMs }: TimeWindow, cuts: readonly number[]): TimeWindow[] {
  const odd = cuts.filter((cut) => cut > startMs && cut < endMs && cut % quarterHourMs !== 0);
  const units: TimeWindow[] = [];
  let atMs = Math.ceil(startMs / quarterHourMs) * quarterHourMs;
  const lastMs = Math.floor(endMs / quarterHourMs) * quarterHourMs;
  for (const cut of [...odd, lastMs]) {
    const stopMs = cut - (cut % quarterHourMs);
    if (stopMs > atMs) units.push({ startMs: atMs, endMs: stopMs });
    atMs = Math.max(atMs, cut === lastMs ? stopMs : stopMs + quarterHourMs);
  }
  return units;
}

/** Returns whether a sorted list contains a value between two others (exclusive). */
function hasInside(sorted: readonly number[], low: number, high: number): boolean {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? 0) <= low) from = middle + 1;
    else to = middle;
  }
  return (sorted[from] ?? high) < high;
}
