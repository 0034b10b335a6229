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
  /** Aggregate for the number of sessions, for example `sum(sessions)`. */
  readonly sessions: string;
  /** Aggregate for the last use, for example `max(last_used)`. */
  readonly lastUsed: string;
  /** Conditions that select the valid rows of the table. */
  readonly conditions: readonly string[];
  /** True if the table has one partition for each UTC month, with ids such as `202611`, like the event table. */
  readonly isByMonth: boolean;
  /** Columns and expressions of the groups. Undefined: the table has the same keys as the event table. */
  readonly shape?: StepShape;
  /** Conditions of the query's filter. Undefined: the table has the same keys as the event table. */
  readonly filter?: readonly string[];
}

/** How a step groups the rows of a table. */
export interface StepShape {
  /** Columns by which the inner SELECT groups. */
  readonly keys: string;
  /** Expression over `keys` for the group of a row: a pair of kind (see `groupKinds`) and key. */
  readonly group: string;
  /**
   * Expressions for the uses: `inner` is an aggregate over the rows of the table, with the name `used`. `outer` is an
   * expression over `keys`, `n` and `used`.
   */
  readonly uses: { readonly inner?: string; readonly outer: string };
}

/** A condition that must hold for the table parts that a statement reads. Otherwise the plan is out of date. */
export interface SnapshotGuard {
  /** SELECT that returns one row. */
  readonly from: string;
  /** Expression over the row's columns. */
  readonly holds: string;
}

export interface UsagePlan {
  readonly query: UsageQuery;
  readonly steps: readonly PlanStep[];
  readonly guards?: readonly SnapshotGuard[];
}
