import type { TimeWindow } from '../time/time-windows.ts';

/**
 * Selects the sessions that a query counts. A session must match all members. It matches a list if it matches one of
 * its entries. `match` can require all tags.
 */
export interface UsageFilter {
  /** Undefined: sessions of all organisations. */
  readonly organisationId: string | undefined;
  readonly configurationIds: readonly string[];
  readonly tags: readonly string[];
  readonly match: 'any' | 'all';
  /** True if only sessions without tags are counted. */
  readonly untagged: boolean;
}

/** Key by which a query groups sessions. With `tag`, a session counts once for each of its tags. */
export type GroupBy = 'none' | 'configuration' | 'tag' | 'organisation';

/**
 * How a query assigns the sessions in a window to buckets, in UTC:
 * - `one`: a single bucket
 * - `starts`: buckets that start at these epoch seconds, ascending. The first bucket starts at or before the window
 * - `quarterHours`: a bucket for each quarter hour. Its start in epoch seconds identifies it
 * - `weekdayHours`: 168 buckets, Monday 00:00 first, on a clock that is `offsetSeconds` ahead of UTC
 */
export type Buckets =
  | { readonly kind: 'one' }
  | { readonly kind: 'starts'; readonly starts: readonly number[] }
  | { readonly kind: 'quarterHours' }
  | { readonly kind: 'weekdayHours'; readonly offsetSeconds: number };

/** A part of a span: a window (undefined: all time) with its buckets. The stretches of a span do not overlap. */
export interface Stretch {
  readonly window: TimeWindow | undefined;
  readonly buckets: Buckets;
}

/** A named time range of a query. One query counts the sessions in several spans. */
export interface UsageSpan {
  readonly name: 'total' | 'today' | 'range' | 'previous';
  readonly stretches: readonly Stretch[];
}

/**
 * How distinct viewers are counted: exactly, or with a stated error of at most 1 %, in memory that does not grow with
 * the number of viewers.
 */
export type ViewerCounting = 'exact' | 'approximate';

/**
 * Order of the groups in a result: by the sessions in a span, by last use, by key, or by the difference between two
 * spans (`change`). Groups with equal values are ordered by key.
 */
export interface UsageOrder {
  readonly by: UsageSpan['name'] | 'lastUsed' | 'key' | 'change';
  readonly descending: boolean;
}

/**
 * A usage query, in UTC. One statement reads all spans from one snapshot, so the numbers in a response agree. Callers
 * convert time zones and local dates to UTC (src/usage/time).
 */
export interface UsageQuery {
  readonly filter: UsageFilter;
  readonly groupBy: GroupBy;
  readonly spans: readonly UsageSpan[];
  readonly order: UsageOrder;
  /** Maximum number of groups. Undefined: no limit. */
  readonly limit?: number;
  /**
   * How the viewers of the span `range` are counted, or of all time if the query has no such span. Undefined: viewers
   * are not counted.
   */
  readonly viewers?: ViewerCounting | undefined;
  /** Limits the result to groups whose key starts with this text. Case is ignored. */
  readonly keyPrefix?: string;
  /** Limits the result to the groups with these keys. */
  readonly keys?: readonly string[];
  /** Limits the result to groups whose key is greater than this one. */
  readonly afterKey?: string | null;
}

const oneBucket: Buckets = { kind: 'one' };

/** Creates a span with one window (undefined: all time) and one bucket. */
export function singleSpan(name: UsageSpan['name'], window?: TimeWindow): UsageSpan {
  return { name, stretches: [{ window, buckets: oneBucket }] };
}

/** Creates the query for last use, sessions today and total. */
export function windowQuery(filter: UsageFilter, groupBy: GroupBy, today: TimeWindow): UsageQuery {
  return {
    filter,
    groupBy,
    spans: [singleSpan('total'), singleSpan('today', today)],
    order: { by: 'total', descending: true },
  };
}

/** Returns a filter that matches every session of an organisation, or of all organisations. */
export function everything(organisationId?: string): UsageFilter {
  return { organisationId, configurationIds: [], tags: [], match: 'any', untagged: false };
}
