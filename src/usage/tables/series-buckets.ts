import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Alignment, alignTo, edgesWithin, shiftOf } from '../answers/alignment.ts';
import type { AnswerDeps } from '../answers/frame.ts';
import { rangeOf } from '../answers/request-range.ts';
import { countsIn, type SeriesRequest } from '../answers/series.ts';
import type { LocalRange } from '../query/parameters.ts';
import type { UsageFilter } from '../query/query.ts';
import { mostBuckets, tooManyBuckets } from '../query/refusals.ts';
import type { UsageGroup } from '../query/usage-store.ts';
import { bucketEdges, estimateBuckets, type Granularity, granularities } from '../time/buckets.ts';
import { shiftEdges } from '../time/compare.ts';
import { formatInstants, type TimeWindow } from '../time/time-windows.ts';
import type { Zone } from '../time/zones.ts';

/** Buckets of a series that is sent as a table. */
export interface SeriesBuckets {
  readonly range: LocalRange;
  readonly edges: readonly number[];
  /** The edges as local times. */
  readonly bounds: readonly string[];
  readonly alignment: Alignment | undefined;
  readonly previousBounds: readonly string[];
}

/**
 * Computes the buckets for a request.
 * @throws AppError `invalid_request`, `invalid_time_zone`.
 * @throws AppError `too_many_points` if there are more than 500,000 buckets.
 */
export async function bucketsOf(
  deps: AnswerDeps,
  filter: UsageFilter,
  request: SeriesRequest,
): Promise<SeriesBuckets> {
  const nowMs = deps.clock.nowMs();
  const range = await rangeOf(deps, filter, request, nowMs);
  const { granularity } = request;
  const fits = (one: Granularity) => estimateBuckets(range.window, one) <= mostBuckets;
  if (!fits(granularity))
    throw tooManyBuckets(granularities.slice(granularities.indexOf(granularity)).find(fits));
  const edges = await edgesOf(range.window, granularity, range.zone);
  const inZone = (slice: readonly number[]) => formatInstants(slice, range.zone);
  const bounds = await inTurns(edges, inZone);
  const shift = shiftOf(range, request);
  if (shift === undefined) return { range, edges, bounds, alignment: undefined, previousBounds: [] };
  const within = edgesWithin(range, edges);
  const shifted = ascending(await inTurns(within, (slice) => shiftEdges(slice, shift, range.zone)));
  const previousBounds = await inTurns(shifted, inZone);
  return { range, edges, bounds, alignment: alignTo(range, shift, shifted, nowMs), previousBounds };
}

/**
 * Makes shifted edges ascending. Slices are shifted separately. If the clock is set back, the first edge of a slice
 * can be before the last edge of the previous slice.
 */
function ascending(edges: readonly number[]): number[] {
  let lastMs = Number.NEGATIVE_INFINITY;
  return edges.map((edge) => {
    lastMs = Math.max(lastMs, edge);
    return lastMs;
  });
}

const edgesOfTurn = 1000;

/** Maps ascending instants slice by slice, so that other requests can run in between. */
async function inTurns<T>(edges: readonly number[], map: (slice: readonly number[]) => T[]): Promise<T[]> {
  const mapped: T[] = [];
  for (let from = 0; from < edges.length; from += edgesOfTurn) {
    for (const value of map(edges.slice(from, from + edgesOfTurn))) mapped.push(value);
    await nextTurn();
  }
  return mapped;
}

/** Length of the part of a range that is divided into buckets at once. Other requests can run between two parts. */
const sliceMs = 64 * 86_400_000;

/**
 * Computes bucket edges, part by part. Each part starts at the end of the last bucket of the previous part, so
 * buckets neither overlap nor leave gaps.
 */
async function edgesOf(window: TimeWindow, granularity: Granularity, zone: Zone): Promise<number[]> {
  const edges: number[] = [];
  for (let startMs = window.startMs; startMs < window.endMs; startMs = edges.at(-1) ?? window.endMs) {
    const slice = { startMs, endMs: Math.min(startMs + sliceMs, window.endMs) };
    edges.pop();
    for (const edge of bucketEdges(slice, granularity, zone)) edges.push(edge);
    await nextTurn();
  }
  return edges;
}

/**
 * Returns the sessions and viewers of a group in each bucket, and the sessions in each bucket of the comparison
 * period. The viewers are empty if the query does not count them.
 */
export function bucketCounts(
  { edges, alignment }: SeriesBuckets,
  group: UsageGroup,
): { readonly sessions: Float64Array; readonly previous: readonly number[]; readonly viewers: Float64Array } {
  const valuesOf = (counts: ReadonlyMap<number, number>) => {
    const values = new Float64Array(edges.length - 1);
    for (let index = 0; index < values.length; index += 1)
      values[index] = counts.get(Math.floor((edges[index] ?? 0) / 1000)) ?? 0;
    return values;
  };
  return {
    sessions: valuesOf(countsIn(group, 'range')),
    previous: alignment?.countsOf(countsIn(group, 'previous')).buckets ?? [],
    viewers: group.viewers === undefined ? new Float64Array() : valuesOf(group.viewers.buckets),
  };
}
