import { type Grain, type GrainTime, usageGrainOf } from '../../events/grains.ts';
import type { TimeWindow } from '../time/time-windows.ts';
import { nextUtcMonth, quarterHourMs, utcDayMs, utcMonthStart } from '../time/utc-units.ts';
import type { Buckets, Stretch, UsageQuery } from './query.ts';

/** One read of one grain. */
export interface PlanStep {
  /** Index of the span in the query. */
  readonly span: number;
  /** Undefined: the rows themselves. */
  readonly grain: Grain | undefined;
  /** Disjoint windows in whole units of the grain, ascending; undefined: all time. */
  readonly windows: readonly TimeWindow[] | undefined;
  readonly buckets: Buckets;
}

export interface UsagePlan {
  readonly query: UsageQuery;
  readonly steps: readonly PlanStep[];
}

/** More windows than this in one step cost more than the coarser grain saves. */
const mostWindows = 64;
/** The times that ClickHouse's DateTime can hold. */
const storable: TimeWindow = { startMs: 0, endMs: 0xffff_ffff * 1000 };

/**
 * Returns the steps that answer a query: whole months and days from coarse grains, the rest from quarters of an hour,
 * and what a bucket or a window cuts finer than that from the rows. Each session is read by exactly one step of a span.
 */
export function planUsage(query: UsageQuery): UsagePlan {
  const byTags = query.groupBy === 'tag' || query.filter.tags.length > 0 || query.filter.untagged;
  const steps = query.spans.flatMap(({ stretches }, span) =>
    stretches.flatMap((stretch) => stepsOf(stretch, byTags).map((step) => ({ ...step, span }))),
  );
  return { query, steps };
}

type Cover = ReadonlyMap<GrainTime | 'rows', readonly TimeWindow[]>;

function stepsOf({ window, buckets }: Stretch, byTags: boolean): Omit<PlanStep, 'span'>[] {
  if (window === undefined) {
    const totals = usageGrainOf('month', byTags);
    if (buckets.kind !== 'one') throw new Error('buckets need a window');
    return [{ grain: totals, windows: undefined, buckets }];
  }
  const times = (['month', 'day', 'quarter'] as const).filter((time) => usageGrainOf(time, byTags));
  return [...coverOf(window, buckets, times)].map(([time, windows]) => ({
    grain: time === 'rows' ? undefined : usageGrainOf(time, byTags),
    windows,
    buckets,
  }));
}

/** Divides a window among the grains that can put its sessions into the buckets, the coarsest first. */
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

/** Takes the whole units of a grain out of windows, those that no bucket begins inside. */
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

/** Where buckets begin, in epoch milliseconds, or where they may begin when they are not listed. */
function cutsOf(buckets: Buckets): readonly number[] | 'between quarters' | 'within quarters' {
  if (buckets.kind === 'one') return [];
  if (buckets.kind === 'starts') return buckets.starts.map((seconds) => seconds * 1000);
  const isAligned = buckets.kind === 'quarterHours' || (buckets.offsetSeconds * 1000) % quarterHourMs === 0;
  return isAligned ? 'between quarters' : 'within quarters';
}

/** The whole quarters of an hour in a window, joined, without those that a bucket begins inside. */
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

/** Whether a sorted list has a value between two others. */
function hasInside(sorted: readonly number[], low: number, high: number): boolean {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? 0) <= low) from = middle + 1;
    else to = middle;
  }
  return (sorted[from] ?? high) < high;
}
