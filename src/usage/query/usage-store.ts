import type { TimeWindow } from '../time/time-windows.ts';
import type { UsageSpan } from './query.ts';
import type { SessionPageQuery, SessionQuery, StoredSession } from './session-query.ts';
import type { UsedKey, UsedKeysQuery } from './statements/dormant-sql.ts';
import type { ExplainedRead, ExplainOptions } from './statements/explain-sql.ts';
import type { SecondCount } from './statements/live-sql.ts';
import type { TagCount } from './statements/tag-counts-sql.ts';
import type { UsagePlan } from './steps/step.ts';

/**
 * Sessions in one bucket of a span (time range of the query). `bucket` is the start of the bucket in epoch seconds,
 * or its index.
 */
export interface UsagePoint {
  readonly span: UsageSpan['name'];
  readonly bucket: number;
  readonly sessions: number;
  /** Number of sessions, but a session counts once for each of its tags. */
  readonly uses: number;
}

/** Distinct viewers of a group. A viewer counts once in each organisation. */
export interface ViewerCounts {
  /** Viewers in all buckets. A viewer of several buckets counts once. */
  readonly total: number;
  /** Viewers by bucket. Buckets without viewers are omitted. */
  readonly buckets: ReadonlyMap<number, number>;
}

/**
 * Counts of one key: a configuration id, a tag or an organisation id. The key is null for sessions without tags, and
 * for all sessions together.
 */
export interface UsageGroup {
  readonly key: string | null;
  readonly sessions: Readonly<Partial<Record<UsageSpan['name'], number>>>;
  readonly lastUsedMs: number | undefined;
  /** Number of sessions in the first span, but a session counts once for each of its tags. */
  readonly uses: number;
  /** Counts by bucket, unsorted. Buckets without sessions are omitted. */
  readonly points: readonly UsagePoint[];
  /** Undefined if the query does not count viewers. */
  readonly viewers?: ViewerCounts;
  /** True if this group contains all groups beyond the limit of the query. Such a group counts only viewers. */
  readonly isRest?: boolean;
}

/** Result of a query: all sessions, each counted once, and the counts of each key. */
export interface UsageResult {
  readonly all: UsageGroup;
  /** Groups in the order of the query. Empty if the query does not group. */
  readonly groups: readonly UsageGroup[];
  /**
   * One group for all groups beyond the limit. It counts only viewers. Undefined if the query does not count viewers.
   */
  readonly rest?: UsageGroup | undefined;
}

/** Result of a query whose groups are streamed. */
export interface UsageStream {
  /** All sessions of the query, each counted once. */
  readonly all: UsageGroup;
  /**
   * Groups in the order of the query, in batches. If the query counts viewers, the first group is the rest. A consumer that
   * leaves the loop stops the query.
   */
  readonly groups: AsyncGenerator<UsageGroup[]>;
}

/** Reads session counts. Every method throws AppError `usage_unavailable` if the store does not respond in time. */
export interface UsageStore {
  /** Reads all numbers of a plan from one snapshot. */
  read(plan: UsagePlan): Promise<UsageResult>;
  /** Reads all numbers of a plan from one snapshot. Memory use does not grow with the number of groups. */
  stream(plan: UsagePlan): Promise<UsageStream>;
  /**
   * Returns the instant from which all single sessions are stored: the end of the last month that the retention dropped, or
   * 0 if it has dropped no month.
   */
  retainedFromMs(): Promise<number>;
  /** Reads a page of single sessions, newest first. */
  sessions(query: SessionPageQuery): Promise<StoredSession[]>;
  /** Reads the number of sessions in each second of a window. */
  secondCounts(window: TimeWindow): Promise<SecondCount[]>;
  /** Reads the counts of a plan together with numbers that explain them, from one snapshot. */
  explain(plan: UsagePlan, options: ExplainOptions): Promise<ExplainedRead>;
  /** Reads total and last use of configurations and tags, from one snapshot. */
  usedKeys(query: UsedKeysQuery): Promise<UsedKey[]>;
  /** Returns the newest buckets in which each key was used, ascending. */
  newestBuckets(
    plan: UsagePlan,
    keys: readonly string[],
    mostBuckets: number,
  ): Promise<ReadonlyMap<string, readonly number[]>>;
  /**
   * Reads all single sessions in a window from one snapshot, newest first, in batches. A consumer that leaves
   * the loop stops the query.
   */
  streamSessions(query: SessionQuery): AsyncGenerator<StoredSession[]>;
  /** Reads the number of distinct tags of each organisation that has tags. */
  tagCounts(): Promise<TagCount[]>;
}
