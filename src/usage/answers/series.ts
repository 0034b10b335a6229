import {
  type CountedViewers,
  readMeasures,
  uniqueViewers,
  viewersFrame,
  withViewers,
} from '../measures/measures.ts';
import { remainderOf } from '../measures/remainder.ts';
import type { LocalRange, RangeParameters } from '../query/parameters.ts';
import { planUsage } from '../query/plan.ts';
import type { GroupBy, UsageFilter, UsageQuery, UsageSpan } from '../query/query.ts';
import { mostPoints, tooManyPoints } from '../query/refusals.ts';
import type { UsageGroup, UsageResult } from '../query/usage-store.ts';
import { tagBudgetFrame } from '../tag-budget/tag-budget.ts';
import { bucketEdges, estimateBuckets, type Granularity, granularities } from '../time/buckets.ts';
import { formatInstant, formatInstants } from '../time/time-windows.ts';
import type { Zone } from '../time/zones.ts';
import { type Alignment, alignPrevious } from './alignment.ts';
import { completenessOf, readWatermark } from './completeness.ts';
import type { AnswerDeps } from './frame.ts';
import { rangeOf } from './request-range.ts';

export interface SeriesRequest extends RangeParameters {
  readonly granularity: Granularity;
  readonly groupBy: GroupBy;
  /** Maximum number of series for single keys. The sessions of all other keys form one additional series. */
  readonly top: number;
  /** Comma-separated measures. */
  readonly measures?: string | undefined;
}

export interface SeriesBucket extends CountedViewers {
  readonly start: string;
  readonly end: string;
  readonly sessions: number;
}

/** Buckets of one key. `key` is null if the request does not group, and for sessions without tags. */
export interface Series extends CountedViewers {
  readonly key: string | null;
  /** True if this series is the sum of all keys beyond `top`. */
  readonly isOther: boolean;
  readonly sessions: number;
  /** The last session in the range. Only with the measure `lastUsed`, and not for the sum of the other keys. */
  readonly lastUsed?: string | null;
  readonly buckets: SeriesBucket[];
  /** Buckets of the comparison period. Each one corresponds to the bucket with the same index. */
  readonly previous?: SeriesBucket[];
  /** Sessions in the part of the comparison period that corresponds to the elapsed part of the range. */
  readonly previousSessions?: number;
}

/**
 * Returns sessions over time in local buckets. A bucket can extend beyond the range, but only sessions inside the
 * range are counted. All numbers come from one snapshot.
 * @throws AppError `invalid_request`, `invalid_time_zone`, `too_many_points`, `usage_unavailable`.
 */
export async function answerSeries(deps: AnswerDeps, filter: UsageFilter, request: SeriesRequest) {
  const watermark = readWatermark(deps);
  const { nowMs } = watermark;
  const range = await rangeOf(deps, filter, request, nowMs);
  const { zone, window } = range;
  const { granularity } = request;
  refuseTooMany(range, granularity, 1);
  const edges = bucketEdges(window, granularity, zone);
  const alignment = alignPrevious(range, request, edges, nowMs);
  const measures = readMeasures(request.measures);
  const sessions = seriesQuery(filter, request, range, edges, alignment);
  const query = await withViewers(deps.store, sessions, measures);
  const result = await deps.store.read(planUsage(query));
  const groups = request.groupBy === 'none' ? [result.all] : result.groups;
  const other = request.groupBy === 'none' ? undefined : otherGroup(result, groups);
  refuseTooMany(range, granularity, groups.length + (other === undefined ? 0 : 1));

  const bounds = formatInstants(edges, zone);
  const write = seriesWriter({
    edges,
    bounds,
    zone,
    alignment,
    query,
    withLastUsed: measures.has('lastUsed'),
  });
  return {
    timeZone: zone.name,
    granularity,
    from: formatInstant(window.startMs, zone),
    to: formatInstant(window.endMs, zone),
    ...(await completenessOf(deps.store, watermark, {
      endMs: window.endMs,
      total: result.all.sessions.range ?? 0,
    })),
    ...(alignment && {
      compare: {
        with: request.compare ?? 'previous',
        fair: request.fair ?? 'weekday',
        from: formatInstant(alignment.window.startMs, zone),
        to: formatInstant(alignment.window.endMs, zone),
      },
    }),
    ...tagBudgetFrame(deps, filter.organisationId),
    ...viewersFrame(query),
    ...(request.groupBy === 'tag' && { distinctSessions: result.all.sessions.range ?? 0 }),
    series: [...groups.map((group) => write(group, false)), ...(other ? [write(other, true)] : [])],
  };
}

/** Returns the query for a series: the range and the comparison period, each in its own buckets. */
export function seriesQuery(
  filter: UsageFilter,
  { groupBy, top }: Pick<SeriesRequest, 'groupBy' | 'top'>,
  { window }: LocalRange,
  edges: readonly number[],
  alignment: Alignment | undefined,
): UsageQuery {
  const spanOf = (name: UsageSpan['name'], within: typeof window, starts: readonly number[]): UsageSpan => ({
    name,
    stretches: [
      { window: within, buckets: { kind: 'starts', starts: starts.map((ms) => Math.floor(ms / 1000)) } },
    ],
  });
  const spans = [spanOf('range', window, edges.slice(0, -1))];
  if (alignment !== undefined) spans.push(spanOf('previous', alignment.window, alignment.starts));
  return {
    filter,
    groupBy,
    spans,
    order: { by: 'range', descending: true },
    ...(groupBy !== 'none' && { limit: top }),
  };
}

function otherGroup({ all, rest }: UsageResult, groups: readonly UsageGroup[]): UsageGroup | undefined {
  const remainder = remainderOf(all);
  for (const group of groups) remainder.subtract(group);
  return remainder.group(rest);
}

/** Returns the counts of a group in one span (time range of the query), by bucket start in epoch seconds. */
export function countsIn({ points }: UsageGroup, span: UsageSpan['name']): Map<number, number> {
  const counts = new Map<number, number>();
  for (const point of points) if (point.span === span) counts.set(point.bucket, point.sessions);
  return counts;
}

interface SeriesWriting {
  readonly edges: readonly number[];
  /** The edges as text. */
  readonly bounds: readonly string[];
  readonly zone: Zone;
  readonly alignment: Alignment | undefined;
  readonly query: UsageQuery;
  readonly withLastUsed: boolean;
}

function seriesWriter({ edges, bounds, zone, alignment, query, withLastUsed }: SeriesWriting) {
  const previousBounds = alignment && formatInstants(alignment.edges, zone);
  return (group: UsageGroup, isOther: boolean): Series => {
    const counts = countsIn(group, 'range');
    const startOf = (index: number) => Math.floor((edges[index] ?? 0) / 1000);
    const viewers = group.viewers?.buckets;
    const buckets = bucketsOf(bounds, (index) => ({
      sessions: counts.get(startOf(index)) ?? 0,
      ...(viewers && { uniqueViewers: viewers.get(startOf(index)) ?? 0 }),
    }));
    const series = {
      key: isOther ? 'other' : group.key,
      isOther,
      sessions: group.sessions.range ?? 0,
      ...uniqueViewers(query, group),
      ...(withLastUsed && !isOther && { lastUsed: instantOf(group.lastUsedMs, zone) }),
      buckets,
    };
    if (alignment === undefined || previousBounds === undefined) return series;
    const aligned = alignment.countsOf(countsIn(group, 'previous'));
    return {
      ...series,
      previous: bucketsOf(previousBounds, (index) => ({ sessions: aligned.buckets[index] ?? 0 })),
      previousSessions: aligned.elapsed,
    };
  };
}

const instantOf = (ms: number | undefined, zone: Zone) => (ms === undefined ? null : formatInstant(ms, zone));

function bucketsOf(
  bounds: readonly string[],
  countsAt: (index: number) => Pick<SeriesBucket, 'sessions' | 'uniqueViewers'>,
): SeriesBucket[] {
  return bounds.slice(0, -1).map((start, index) => ({
    start,
    end: bounds[index + 1] ?? start,
    ...countsAt(index),
  }));
}

/**
 * Checks the size of a response before it is computed.
 * @throws AppError `too_many_points` if the response would have too many points.
 */
export function refuseTooMany({ window }: LocalRange, granularity: Granularity, seriesCount: number): void {
  const fits = (one: Granularity) => estimateBuckets(window, one) * seriesCount <= mostPoints;
  if (fits(granularity)) return;
  throw tooManyPoints(granularities.slice(granularities.indexOf(granularity)).find(fits));
}
