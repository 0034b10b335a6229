import type { TimeWindow } from '../time/time-windows.ts';
import type { UsedKey, UsedKeysQuery } from './dormant-sql.ts';
import type { ExplainedRead, ExplainOptions } from './explain-sql.ts';
import type { SecondCount } from './live-sql.ts';
import type { UsagePlan } from './plan.ts';
import type { UsageSpan } from './query.ts';
import type { SessionPageQuery, SessionQuery, StoredSession } from './session-query.ts';

/** Sessions of one bucket of a span. `bucket` is its start in epoch seconds, or its index. */
export interface UsagePoint {
  readonly span: UsageSpan['name'];
  readonly bucket: number;
  readonly sessions: number;
  /** Sessions, each one counted once for each of its tags. */
  readonly uses: number;
}

/** What a query counts for one key: a configuration's id, a tag, an organisation; null for sessions without tags. */
export interface UsageGroup {
  readonly key: string | null;
  readonly sessions: Readonly<Partial<Record<UsageSpan['name'], number>>>;
  readonly lastUsedMs: number | undefined;
  /** Sessions of the first span, each one counted once for each of its tags. */
  readonly uses: number;
  /** In no order; without the buckets that have no session. */
  readonly points: readonly UsagePoint[];
}

/** The answer of every query: all sessions that it counts, each one once, and those of each key. */
export interface UsageResult {
  readonly all: UsageGroup;
  /** In the order of the query; empty without grouping. */
  readonly groups: readonly UsageGroup[];
}

/** The answer of a query whose groups arrive one after the other. */
export interface UsageStream {
  /** All sessions that the query counts, each one once. */
  readonly all: UsageGroup;
  /** In the order of the query, in batches. Returning ends the query. */
  readonly groups: AsyncGenerator<UsageGroup[]>;
}

/** Reads counts of sessions. Every method throws AppError `usage_unavailable` when the store does not answer in time. */
export interface UsageStore {
  /** Reads all numbers of a plan from one snapshot. */
  read(plan: UsagePlan): Promise<UsageResult>;
  /** Reads all numbers of a plan from one snapshot, with memory that does not grow with the number of groups. */
  stream(plan: UsagePlan): Promise<UsageStream>;
  /** Reads single sessions, newest first. */
  sessions(query: SessionPageQuery): Promise<StoredSession[]>;
  /** Reads the sessions of each second of a window. */
  secondCounts(window: TimeWindow): Promise<SecondCount[]>;
  /** Reads what the counts of a plan consist of, from one snapshot. */
  explain(plan: UsagePlan, options: ExplainOptions): Promise<ExplainedRead>;
  /** Reads the last use of configurations and tags, from one snapshot. */
  usedKeys(query: UsedKeysQuery): Promise<UsedKey[]>;
  /** Reads the newest buckets (ascending) in which each of the keys was used. */
  newestBuckets(
    plan: UsagePlan,
    keys: readonly string[],
    mostBuckets: number,
  ): Promise<ReadonlyMap<string, readonly number[]>>;
  /** Reads all single sessions of a window from one snapshot, newest first, in batches. Returning ends the query. */
  streamSessions(query: SessionQuery): AsyncGenerator<StoredSession[]>;
}
