import type { Fault } from '../../platform/errors/errors.ts';
import { type CountedViewers, readMeasures, uniqueViewers, withViewers } from '../measures/measures.ts';
import type { LocalRange, RangeParameters } from '../query/parameters.ts';
import { type GroupBy, singleSpan, type UsageFilter, type UsageQuery } from '../query/query.ts';
import { invalidParameters } from '../query/refusals.ts';
import type { UsageGroup, UsageStore } from '../query/usage-store.ts';
import { formatInstant, type TimeWindow } from '../time/time-windows.ts';
import { alignPrevious } from './alignment.ts';
import { type AnswerDeps, type Moment, type ZonedUsage, zoned } from './frame.ts';
import type { PageRequest } from './paging.ts';
import { givenRange } from './request-range.ts';

export const listSorts = [
  ...['-total', 'total', 'name', '-today', 'today', '-lastUsed', 'lastUsed'],
  ...['-sessions', 'sessions', '-change', 'change'],
] as const;

export interface ListRequest extends RangeParameters, PageRequest {
  readonly sort: string;
  /** Limits the list to items whose name starts with this text. Case is ignored. */
  readonly q?: string | undefined;
  /** Comma-separated measures. */
  readonly measures?: string | undefined;
}

/** Time ranges of a list, and the members of the response that contain these ranges. */
export interface ListRange {
  readonly range: LocalRange | undefined;
  /** The part of the comparison period that corresponds to the elapsed part of the range. */
  readonly previous: TimeWindow | undefined;
  readonly frame: Readonly<Record<string, unknown>>;
}

/** Counts of a list item. */
export type ListedUsage = ZonedUsage &
  CountedViewers & {
    readonly sessions?: number;
    readonly previousSessions?: number;
    readonly change?: number;
  };

/**
 * Returns the time ranges of a list.
 * @throws AppError `invalid_request` with all validation errors.
 */
export async function readListRange(
  deps: AnswerDeps,
  filter: UsageFilter,
  request: ListRequest,
  { nowMs, zone }: Moment,
): Promise<ListRange> {
  const range = await givenRange(deps, filter, request, nowMs);
  const fault = sortFault(request, range !== undefined);
  if (fault !== undefined) throw invalidParameters(true, [fault]);
  if (range === undefined) return { range, previous: undefined, frame: {} };
  const { startMs, endMs } = range.window;
  const alignment = alignPrevious(range, { ...request, granularity: 'day' }, [startMs, endMs], nowMs);
  const previous = alignment && { startMs: alignment.window.startMs, endMs: alignment.elapsedEndMs };
  const written = (window: TimeWindow) => ({
    from: formatInstant(window.startMs, zone),
    to: formatInstant(window.endMs, zone),
  });
  const comparison = previous && {
    compare: { with: request.compare, fair: request.fair ?? 'weekday', ...written(previous) },
  };
  return { range, previous, frame: { ...written(range.window), ...comparison } };
}

function sortFault({ sort, compare }: ListRequest, hasRange: boolean): Fault | undefined {
  if (/sessions/.test(sort) && !hasRange)
    return { path: '/sort', message: 'needs a range: from and to, or range' };
  if (/change/.test(sort) && compare === undefined) return { path: '/sort', message: 'needs compare' };
  return undefined;
}

/** Returns the query for a list: all time, today, the range and the comparison period, in one snapshot. */
export function listQuery(
  store: UsageStore,
  { filter, groupBy, sort }: { filter: UsageFilter; groupBy: GroupBy; sort: string },
  { today }: Moment,
  { range, previous }: ListRange,
  measures: string | undefined,
): Promise<UsageQuery> {
  const by = sort.replace('-', '');
  const columns = { name: 'key', sessions: 'range' } as Readonly<Record<string, UsageQuery['order']['by']>>;
  const query: UsageQuery = {
    filter,
    groupBy,
    spans: [
      ...[singleSpan('total'), singleSpan('today', today)],
      ...(range === undefined ? [] : [singleSpan('range', range.window)]),
      ...(previous === undefined ? [] : [singleSpan('previous', previous)]),
    ],
    order: { by: columns[by] ?? (by as UsageQuery['order']['by']), descending: sort.startsWith('-') },
  };
  return withViewers(store, query, readMeasures(measures));
}

/**
 * Returns the counts of an item. The result contains counts of the range and the comparison period only if the
 * request has them.
 */
export function listed(
  group: UsageGroup | undefined,
  { range, previous }: ListRange,
  moment: Moment,
  query: UsageQuery,
): ListedUsage {
  const counts = { ...zoned(group, moment.zone), ...uniqueViewers(query, group) };
  if (range === undefined) return counts;
  const sessions = group?.sessions.range ?? 0;
  if (previous === undefined) return { ...counts, sessions };
  const previousSessions = group?.sessions.previous ?? 0;
  return { ...counts, sessions, previousSessions, change: sessions - previousSessions };
}
