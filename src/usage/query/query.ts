import type { TimeWindow } from '../time/time-windows.ts';

/**
 * Selects the sessions that a query counts. A session must match every list; within a list, one match is
 * enough.
 */
export interface UsageFilter {
  /** Undefined: all organisations. */
  readonly organisationId: string | undefined;
  readonly configurationIds: readonly string[];
  readonly tags: readonly string[];
  readonly match: 'any' | 'all';
  /** Whether only sessions without tags are counted. */
  readonly untagged: boolean;
}

/** Key by which a query groups sessions. A session counts once for each of its tags. */
export type GroupBy = 'none' | 'configuration' | 'tag' | 'organisation';

/**
 * How the sessions in a window are assigned to buckets, in UTC:
 * - `one`: a single bucket
 * - `starts`: buckets that start at these epoch seconds, ascending; the first one starts at or before the
 *   window
 * - `quarterHours`: a bucket for each quarter hour, identified by its start in epoch seconds
 * - `weekdayHours`: 168 buckets, Monday 00:00 first, on a clock that is `offsetSeconds` ahead of UTC
 */
export type Buckets =
  | { readonly kind: 'one' }
  | { readonly kind: 'starts'; readonly starts: readonly number[] }
  | { readonly kind: 'quarterHours' }
  | { readonly kind: 'weekdayHours'; readonly offsetSeconds: number };

/** A part of a span: a window (undefined: all time) and its buckets. The parts of a span do not overlap. */
export interface Stretch {
  readonly window: TimeWindow | undefined;
  readonly buckets: Buckets;
}

/** A time range of a query. One query reads the counts of all its spans. */
export interface UsageSpan {
  readonly name: 'total' | 'today' | 'range' | 'previous';
  readonly stretches: readonly Stretch[];
}

/** Order of groups: by the sessions in a span, by last use or by key. Ties are ordered by key. */
export interface UsageOrder {
  readonly by: UsageSpan['name'] | 'lastUsed' | 'key' | 'change';
  readonly descending: boolean;
}

/**
 * A usage query, in UTC. All spans are read in one statement from one snapshot, so the numbers in a response
 * never contradict each other. The callers convert time zones and local dates to UTC (src/usage/time).
 */
export interface UsageQuery {
  readonly filter: UsageFilter;
  readonly groupBy: GroupBy;
  readonly spans: readonly UsageSpan[];
  readonly order: UsageOrder;
  /** Maximum number of groups. Undefined: all. */
  readonly limit?: number;
  /** Limits the result to groups whose key starts with this text, ignoring case. */
  readonly keyPrefix?: string;
  /** Limits the result to these groups. */
  readonly keys?: readonly (string | null)[];
  /** Limits the result to groups after this key, sorted by key. */
  readonly afterKey?: string | null;
}

const oneBucket: Buckets = { kind: 'one' };

/** Creates a span with a single window (undefined: all time) and a single bucket. */
export function singleSpan(name: UsageSpan['name'], window?: TimeWindow): UsageSpan {
  return { name, stretches: [{ window, buckets: oneBucket }] };
}

/** Creates the query for "last used, today, total": all time and one day. */
export function windowQuery(filter: UsageFilter, groupBy: GroupBy, today: TimeWindow): UsageQuery {
  return {
    filter,
    groupBy,
    spans: [singleSpan('total'), singleSpan('today', today)],
    order: { by: 'total', descending: true },
  };
}

/** Returns the filter that matches every session. */
export function everything(organisationId?: string): UsageFilter {
  return { organisationId, configurationIds: [], tags: [], match: 'any', untagged: false };
}
