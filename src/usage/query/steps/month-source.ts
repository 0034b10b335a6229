import type { TimeWindow } from '../../time/time-windows.ts';
import { nextUtcMonth, utcMonthStart } from '../../time/utc-units.ts';
import type { UsageQuery } from '../query.ts';
import type { PlanStep, SnapshotGuard, UsagePlan } from './step.ts';

/**
 * A source of session counts for whole UTC months. Roll-ups are read instead of the event table, archives in addition to
 * the event table. A source rewrites the steps of a plan. The rewritten steps must count each session exactly once.
 */
export interface MonthSource {
  /**
   * Returns the steps that replace `step`. Returns `[step]`, with the same object, if the source does not apply to the step.
   */
  rewrite(step: PlanStep, query: UsageQuery): readonly PlanStep[];
  /** Conditions under which the rewritten steps are correct. ClickHouse evaluates them on the snapshot of the statement. */
  readonly guards: readonly SnapshotGuard[];
  /** True if a plan without this source has the same counts, so that a statement can fall back to it. */
  readonly isOptional: boolean;
}

/** Provides the month sources of an installation. */
export interface MonthSources {
  /** Returns the sources as they were last read. */
  current(): Promise<readonly MonthSource[]>;
  /** Reads the sources again, because the guard of a plan did not hold. */
  refresh(): Promise<readonly MonthSource[]>;
}

/** Month sources of an installation that has only the event table. */
export const noMonthSources: MonthSources = { current: async () => [], refresh: async () => [] };

/** Joins month sources. The sources rewrite a plan in this order. */
export function joinMonthSources(...all: readonly MonthSources[]): MonthSources {
  return {
    current: async () => (await Promise.all(all.map(({ current }) => current()))).flat(),
    refresh: async () => (await Promise.all(all.map(({ refresh }) => refresh()))).flat(),
  };
}

/** Returns a plan with the same counts that reads months from the sources. Adds the guards of sources that change a step. */
export function withMonthSources(plan: UsagePlan, sources: readonly MonthSource[]): UsagePlan {
  let { steps } = plan;
  const guards: SnapshotGuard[] = [...(plan.guards ?? [])];
  for (const source of sources) {
    const rewritten = steps.map((step) => source.rewrite(step, plan.query));
    if (rewritten.every((own, index) => own.length === 1 && own[0] === steps[index])) continue;
    steps = rewritten.flat();
    guards.push(...source.guards);
  }
  return { ...plan, steps, guards };
}

/** Returns the parts of windows that are in a set of UTC months (`within`), and the other parts (`outside`). */
export function splitByMonths(
  windows: readonly TimeWindow[],
  months: ReadonlySet<number>,
): { readonly within: TimeWindow[]; readonly outside: TimeWindow[] } {
  const within: TimeWindow[] = [];
  const outside: TimeWindow[] = [];
  for (const window of windows)
    for (let startMs = window.startMs; startMs < window.endMs; ) {
      const endMs = Math.min(nextUtcMonth(startMs), window.endMs);
      append(months.has(monthOf(startMs)) ? within : outside, { startMs, endMs });
      startMs = endMs;
    }
  return { within, outside };
}

/** Returns the windows of whole UTC months, ascending and joined if they are adjacent. */
export function monthWindows(months: readonly number[]): TimeWindow[] {
  const windows: TimeWindow[] = [];
  for (const month of [...months].sort((left, right) => left - right)) {
    const startMs = Date.UTC(Math.floor(month / 100), (month % 100) - 1);
    append(windows, { startMs, endMs: nextUtcMonth(startMs) });
  }
  return windows;
}

/** Returns the UTC month that contains an instant, as a number such as 202611. */
export function monthOf(ms: number): number {
  const at = new Date(utcMonthStart(ms));
  return at.getUTCFullYear() * 100 + at.getUTCMonth() + 1;
}

function append(windows: TimeWindow[], { startMs, endMs }: TimeWindow): void {
  const last = windows.at(-1);
  if (last?.endMs === startMs) windows[windows.length - 1] = { startMs: last.startMs, endMs };
  else windows.push({ startMs, endMs });
}
