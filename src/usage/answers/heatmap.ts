import type { RangeParameters } from '../query/parameters.ts';
import { planUsage } from '../query/plan.ts';
import type { UsageFilter, UsageQuery } from '../query/query.ts';
import { formatInstant, steadyWindows } from '../time/time-windows.ts';
import { completenessOf, readWatermark } from './completeness.ts';
import type { AnswerDeps } from './frame.ts';
import { rangeOf } from './request-range.ts';

const hoursOfDay = 24;

/**
 * Returns the sessions in a range by local weekday and hour. The range is split at the clock changes of the zone.
 * Each part has a constant UTC offset, so the store needs no time zone.
 * @throws AppError `invalid_request`, `invalid_time_zone`, `usage_unavailable`.
 */
export async function answerHeatmap(deps: AnswerDeps, filter: UsageFilter, request: RangeParameters) {
  const watermark = readWatermark(deps);
  const { nowMs } = watermark;
  const { zone, window } = await rangeOf(deps, filter, request, nowMs);
  const stretches = steadyWindows(window, zone).map(({ startMs, endMs, offsetMs }) => ({
    window: { startMs, endMs },
    buckets: { kind: 'weekdayHours' as const, offsetSeconds: Math.floor(offsetMs / 1000) },
  }));
  const query: UsageQuery = {
    filter,
    groupBy: 'none',
    spans: [{ name: 'range', stretches }],
    order: { by: 'range', descending: true },
  };
  const { all } = await deps.store.read(planUsage(query));
  const counts = new Map(all.points.map(({ bucket, sessions }) => [bucket, sessions]));
  const sessions = all.sessions.range ?? 0;
  return {
    timeZone: zone.name,
    from: formatInstant(window.startMs, zone),
    to: formatInstant(window.endMs, zone),
    ...(await completenessOf(deps.store, watermark, { endMs: window.endMs, total: sessions })),
    sessions,
    weekdays: Array.from({ length: 7 }, (_, weekday) => ({
      weekday: weekday + 1,
      hours: Array.from({ length: hoursOfDay }, (__, hour) => counts.get(weekday * hoursOfDay + hour) ?? 0),
    })),
  };
}
