import { type LocalRange, last28Days, type RangeParameters, readRange } from '../query/parameters.ts';
import { planUsage } from '../query/plan.ts';
import type { Buckets, UsageFilter, UsageQuery } from '../query/query.ts';
import type { UsageStore } from '../query/usage-store.ts';
import type { TimeWindow } from '../time/time-windows.ts';
import { nextUtcMonth, utcMonthStart } from '../time/utc-units.ts';
import { type AnswerDeps, zoneOf } from './frame.ts';

/**
 * Returns the range of a request, or the last 28 days if the request has no range.
 * @throws AppError as `readRange` does.
 */
export async function rangeOf(
  deps: AnswerDeps,
  filter: UsageFilter,
  request: RangeParameters,
  nowMs: number,
): Promise<LocalRange> {
  const range = await givenRange(deps, filter, request, nowMs);
  return range ?? last28Days(zoneOf(request.timeZone ?? 'UTC'), nowMs);
}

/**
 * Returns the range of a request, or undefined if the request has no range.
 * @throws AppError as `readRange` does.
 */
export function givenRange(
  { store }: AnswerDeps,
  filter: UsageFilter,
  request: RangeParameters,
  nowMs: number,
): Promise<LocalRange | undefined> {
  return readRange(request, { nowMs, firstMs: () => firstSessionMs(store, filter, nowMs) });
}

/**
 * Returns the start of the quarter hour with the first session that matches a filter, or undefined if there is no
 * such session. It finds the month of this session from the monthly totals, then reads only the quarter hours of the
 * month.
 */
async function firstSessionMs(
  store: UsageStore,
  filter: UsageFilter,
  nowMs: number,
): Promise<number | undefined> {
  const monthStarts: number[] = [];
  for (let ms = 0; ms <= nowMs; ms = nextUtcMonth(ms)) monthStarts.push(ms / 1000);
  const monthMs = await firstBucketMs(
    store,
    filter,
    { startMs: 0, endMs: nextUtcMonth(nowMs) },
    { kind: 'starts', starts: monthStarts },
  );
  if (monthMs === undefined) return undefined;
  const month = { startMs: utcMonthStart(monthMs), endMs: nextUtcMonth(monthMs) };
  return firstBucketMs(store, filter, month, { kind: 'quarterHours' });
}

async function firstBucketMs(
  store: UsageStore,
  filter: UsageFilter,
  window: TimeWindow,
  buckets: Buckets,
): Promise<number | undefined> {
  const query: UsageQuery = {
    filter,
    groupBy: 'none',
    spans: [{ name: 'range', stretches: [{ window, buckets }] }],
    order: { by: 'range', descending: true },
  };
  const { points } = (await store.read(planUsage(query))).all;
  return points.length === 0 ? undefined : Math.min(...points.map(({ bucket }) => bucket)) * 1000;
}
