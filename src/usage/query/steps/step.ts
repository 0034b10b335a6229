import type { Grain } from '../../../events/grains.ts';
import type { TimeWindow } from '../../time/time-windows.ts';
import type { Buckets, UsageQuery } from '../query.ts';

/** One read of one grain (stored aggregation level). */
export interface PlanStep {
  /** Index of the span (time range) in the query. */
  readonly span: number;
  /** Grain that the step reads. Undefined: the step reads single rows. */
  readonly grain: Grain | undefined;
  /**
   * Windows that the step reads, ascending and without overlap. Each consists of whole units of the grain. Undefined:
   * all time.
   */
  readonly windows: readonly TimeWindow[] | undefined;
  readonly buckets: Buckets;
  /** UTC months, such as 202611, that a step over all time leaves out. Only with `windows` undefined. */
  readonly exceptMonths?: readonly number[];
  /** Table that the step reads. Undefined: the event table. */
  readonly table?: StepTable;
}

/** A table of session counts that a step reads instead of the event table. */
export interface StepTable {
  readonly name: string;
  /** Number of sessions: an aggregate such as `sum(sessions)`, or the column itself if the table has a `shape`. */
  readonly sessions: string;
  /** Last use: an aggregate such as `max(last_used)`, or the column itself if the table has a `shape`. */
  readonly lastUsed: string;
  /** Conditions that select the valid rows of the table. */
  readonly conditions: readonly string[];
  /** True if the table has one partition for each UTC month, with ids such as `202611`, like the event table. */
  readonly isByMonth: boolean;
  /** Kind and key of each row. Undefined: the table has the keys of the event table, and the step groups the rows. */
  readonly shape?: StepShape;
  /** Conditions of the query's filter. Undefined: the table has the same keys as the event table. */
  readonly filter?: readonly string[];
}

/** Expressions over the columns of a table that has other keys than the event table. The table has the alias `own`. */
export interface StepShape {
  /** Kind of the row's group (see `groupKinds`). */
  readonly kind: string;
  readonly key: string;
  /** Number of uses in the row: a session counts once for each of its tags, and once if it has no tag. */
  readonly uses: string;
  /** Expression that returns kind and key of each group of a row. `kind` and `key` use it as `group`. */
  readonly group?: string;
}

/** A condition on the table parts that a statement reads. If it does not hold, the plan is out of date. */
export interface SnapshotGuard {
  /** SELECT that returns one row. */
  readonly from: string;
  /** Boolean expression over the columns of this row. */
  readonly holds: string;
}

export interface UsagePlan {
  readonly query: UsageQuery;
  readonly steps: readonly PlanStep[];
  readonly guards?: readonly SnapshotGuard[];
}
