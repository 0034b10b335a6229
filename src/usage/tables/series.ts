import type { Cell, Column, Row, Table } from '../../platform/http/formats/table.ts';
import type { AnswerDeps } from '../answers/frame.ts';
import { remainderOf, type SeriesRequest, seriesQuery } from '../answers/series.ts';
import { planUsage } from '../query/plan.ts';
import type { UsageFilter } from '../query/query.ts';
import type { UsageGroup } from '../query/usage-store.ts';
import { rangeName } from './frame.ts';
import { bucketCounts, bucketsOf, type SeriesBuckets } from './series-buckets.ts';

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
  async function* rows(): AsyncGenerator<Row[]> {
    for await (const { key, isOther, group } of eachSeries(deps, filter, request, buckets))
      yield* rowsOf(buckets, group, isOther ? ['other', true] : [key, false]);
  }
  return {
    name: rangeName('usage-series', buckets.range),
    columns: buckets.alignment === undefined ? columns : [...columns, ...comparedColumns],
    rows: rows(),
  };
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
  filter: UsageFilter,
  request: SeriesRequest,
  { range, edges, alignment }: SeriesBuckets,
): AsyncGenerator<KeySeries> {
  const plan = planUsage(seriesQuery(filter, request, range, edges, alignment));
  const { all, groups } = await deps.store.stream(plan);
  if (request.groupBy === 'none') {
    await groups.return(undefined);
    yield { key: null, isOther: false, group: all };
    return;
  }
  const remainder = remainderOf(all);
  for await (const batch of groups)
    for (const group of batch) {
      remainder.subtract(group);
      yield { key: group.key, isOther: false, group };
    }
  const group = remainder.group();
  if (group !== undefined) yield { key: 'other', isOther: true, group };
}

const rowsOfBatch = 1000;

function* rowsOf(buckets: SeriesBuckets, group: UsageGroup, keyCells: readonly Cell[]): Generator<Row[]> {
  const { bounds, previousBounds, alignment } = buckets;
  const { sessions, previous } = bucketCounts(buckets, group);
  const rowOf = (index: number): Row => [
    ...keyCells,
    ...[bounds[index] ?? null, bounds[index + 1] ?? null, sessions[index] ?? 0],
    ...(alignment === undefined
      ? []
      : [previousBounds[index] ?? null, previousBounds[index + 1] ?? null, previous[index] ?? 0]),
  ];
  for (let from = 0; from < sessions.length; from += rowsOfBatch) {
    const length = Math.min(rowsOfBatch, sessions.length - from);
    yield Array.from({ length }, (_, index) => rowOf(from + index));
  }
}
