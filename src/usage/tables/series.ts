import type { Cell, Column, Row, Table } from '../../platform/http/formats/table.ts';
import type { AnswerDeps } from '../answers/frame.ts';
import { type SeriesRequest, seriesQuery } from '../answers/series.ts';
import { readMeasures, viewersFrame, withViewers } from '../measures/measures.ts';
import { remainderOf } from '../measures/remainder.ts';
import { planUsage } from '../query/plan.ts';
import type { UsageFilter, UsageQuery } from '../query/query.ts';
import type { UsageGroup } from '../query/usage-store.ts';
import { formatInstant } from '../time/time-windows.ts';
import type { Zone } from '../time/zones.ts';
import { rangeName } from './frame.ts';
import { bucketCounts, bucketsOf, type SeriesBuckets } from './series-buckets.ts';
import { viewerCells, viewerColumns } from './viewers.ts';

const columns: readonly Column[] = [
  ...[{ name: 'key' }, { name: 'isOther' }, { name: 'start', isInstant: true as const }],
  ...[{ name: 'end', isInstant: true as const }, { name: 'sessions' }],
];
const comparedColumns: readonly Column[] = [
  { name: 'previousStart', isInstant: true },
  { name: 'previousEnd', isInstant: true },
  { name: 'previousSessions' },
];

/**
 * Returns sessions over time as a long table: one row per key and bucket, in the order of the JSON response. Its rows
 * are read while the table is sent, so only the buckets of one key are in memory.
 * @throws AppError `invalid_request`, `invalid_time_zone`, `too_many_points`.
 */
export async function seriesTable(
  deps: AnswerDeps,
  filter: UsageFilter,
  request: SeriesRequest,
): Promise<Table> {
  const buckets = await bucketsOf(deps, filter, request);
  const withLastUsed = readMeasures(request.measures).has('lastUsed');
  async function* rows(): AsyncGenerator<Row[]> {
    const query = await seriesTableQuery(deps, filter, request, buckets);
    for await (const series of eachSeries(deps, request, query))
      yield* rowsOf({ buckets, query, withLastUsed }, series);
  }
  return {
    name: rangeName('usage-series', buckets.range),
    columns: [
      ...(buckets.alignment === undefined ? columns : [...columns, ...comparedColumns]),
      ...(withLastUsed ? [{ name: 'lastUsed', isInstant: true as const }] : []),
      ...viewerColumns(request),
    ],
    rows: rows(),
  };
}

/** Returns the query for a table of a series. */
export function seriesTableQuery(
  { store }: AnswerDeps,
  filter: UsageFilter,
  request: SeriesRequest,
  { range, edges, alignment }: SeriesBuckets,
): Promise<UsageQuery> {
  const query = seriesQuery(filter, request, range, edges, alignment);
  return withViewers(store, query, readMeasures(request.measures));
}

/** The series of one key, or the sum of the series beyond `top`. */
export interface KeySeries {
  readonly key: string | null;
  readonly isOther: boolean;
  readonly group: UsageGroup;
}

/** Yields the series of a request, in the order of the JSON response and from one snapshot. */
export async function* eachSeries(
  deps: AnswerDeps,
  request: SeriesRequest,
  query: UsageQuery,
): AsyncGenerator<KeySeries> {
  const { all, groups } = await deps.store.stream(planUsage(query));
  if (request.groupBy === 'none') {
    await groups.return(undefined);
    yield { key: null, isOther: false, group: all };
    return;
  }
  const remainder = remainderOf(all);
  let rest: UsageGroup | undefined;
  for await (const batch of groups)
    for (const group of batch) {
      if (group.isRest) {
        rest = group;
        continue;
      }
      remainder.subtract(group);
      yield { key: group.key, isOther: false, group };
    }
  const group = remainder.group(rest);
  if (group !== undefined) yield { key: 'other', isOther: true, group };
}

const rowsOfBatch = 1000;

interface SeriesRows {
  readonly buckets: SeriesBuckets;
  readonly query: UsageQuery;
  readonly withLastUsed: boolean;
}

function* rowsOf({ buckets, query, withLastUsed }: SeriesRows, series: KeySeries): Generator<Row[]> {
  const { bounds, previousBounds, alignment } = buckets;
  const { key, isOther, group } = series;
  const { sessions, previous, viewers } = bucketCounts(buckets, group);
  const keyCells: readonly Cell[] = isOther ? ['other', true] : [key, false];
  const lastUsed = withLastUsed ? [lastUsedOf(series, buckets.range.zone)] : [];
  const { approximate } = viewersFrame(query);
  const rowOf = (index: number): Row => [
    ...keyCells,
    ...[bounds[index] ?? null, bounds[index + 1] ?? null, sessions[index] ?? 0],
    ...(alignment === undefined
      ? []
      : [previousBounds[index] ?? null, previousBounds[index + 1] ?? null, previous[index] ?? 0]),
    ...lastUsed,
    ...viewerCells({ uniqueViewers: viewers[index] ?? 0 }, approximate),
  ];
  for (let from = 0; from < sessions.length; from += rowsOfBatch) {
    const length = Math.min(rowsOfBatch, sessions.length - from);
    yield Array.from({ length }, (_, index) => rowOf(from + index));
  }
}

/** Returns the last use of a key in the range. The sum of the other keys has none. */
function lastUsedOf({ isOther, group: { lastUsedMs } }: KeySeries, zone: Zone): string | null {
  return isOther || lastUsedMs === undefined ? null : formatInstant(lastUsedMs, zone);
}
