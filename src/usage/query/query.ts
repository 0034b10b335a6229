import type { TimeWindow } from '../time/time-windows.ts';

/** Which sessions a query counts. Within a list any of them; between the lists all must hold. */
export interface UsageFilter {
  /** Undefined: all organisations. */
  readonly organisationId: string | undefined;
  readonly configurationIds: readonly string[];
  readonly tags: readonly string[];
  readonly match: 'any' | 'all';
  /** Only sessions without tags. */
  readonly untagged: boolean;
}

/** What a query counts separately. A session counts once for each of its tags. */
export type GroupBy = 'none' | 'configuration' | 'tag' | 'organisation';

/**
 * How the sessions of a window are put into buckets, in UTC:
 * - `one`: a single bucket;
 * - `starts`: buckets that begin at these epoch seconds, ascending; the first one begins at or before the window;
 * - `quarterHours`: a bucket for each quarter of an hour, named by its start in epoch seconds;
 * - `weekdayHours`: 168 buckets, Monday 00:00 first, on a clock that is `offsetSeconds` ahead of UTC.
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

/** One of the counts that a query reads together. */
export interface UsageSpan {
  readonly name: 'total' | 'today' | 'range' | 'previous';
  readonly stretches: readonly Stretch[];
}

/** Orders groups: by the sessions of a span, by their last use or by key. Equal ones are ordered by key. */
export interface UsageOrder {
  readonly by: UsageSpan['name'] | 'lastUsed' | 'key' | 'change';
  readonly descending: boolean;
}

/**
 * A question about usage, in UTC. All spans are read in one statement from one snapshot, so the numbers of an answer
 * never contradict each other. Zones and local dates end before it (src/usage/time).
 */
export interface UsageQuery {
  readonly filter: UsageFilter;
  readonly groupBy: GroupBy;
  readonly spans: readonly UsageSpan[];
  readonly order: UsageOrder;
  /** The most groups to answer; undefined: all. */
  readonly limit?: number;
  /** Only groups whose key begins with this text, without regard to case. */
  readonly keyPrefix?: string;
  /** Only these groups. */
  readonly keys?: readonly (string | null)[];
  /** Only groups after this key, in the order by key. */
  readonly afterKey?: string | null;
}

const oneBucket: Buckets = { kind: 'one' };

/** Returns a span of a single window (undefined: all time) with a single bucket. */
export function singleSpan(name: UsageSpan['name'], window?: TimeWindow): UsageSpan {
  return { name, stretches: [{ window, buckets: oneBucket }] };
}

/** Returns the query of "last used, today, total": all time and a day. */
export function windowQuery(filter: UsageFilter, groupBy: GroupBy, today: TimeWindow): UsageQuery {
  return {
    filter,
    groupBy,
    spans: [singleSpan('total'), singleSpan('today', today)],
    order: { by: 'total', descending: true },
  };
}

/** Returns the filter that every session meets. */
export function everything(organisationId?: string): UsageFilter {
  return { organisationId, configurationIds: [], tags: [], match: 'any', untagged: false };
}
