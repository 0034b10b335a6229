import {
  type ArchivedMonth,
  archiveCondition,
  readArchives,
  witnessCondition,
} from '../../events/archived-months.ts';
import { storeErrorCode, storeErrorCodes } from '../../platform/clickhouse/errors.ts';
import type { UsageQuery } from '../query/query.ts';
import { notRetained } from '../query/refusals.ts';
import {
  type MonthSource,
  type MonthSources,
  monthWindows,
  splitByMonths,
} from '../query/steps/month-source.ts';
import type { PlanStep, SnapshotGuard } from '../query/steps/step.ts';
import { viewerSpan } from '../query/viewers-sql.ts';
import type { TimeWindow } from '../time/time-windows.ts';

/** The archived months of an installation, as they were last read. */
export interface Archives extends MonthSources {
  /**
   * Returns the instant from which all sessions are in the event table: the end of the last dropped month, or 0 if no month
   * is dropped.
   */
  retainedFromMs(): Promise<number>;
}

/** Maximum age of the cached list of archives. Sessions are dropped several minutes after they are archived. */
const maxAgeMs = 10_000;

/** Creates the month source that reads archives, with a cache of the list of archives. */
export function createArchives(
  rows: <T>(query: string) => Promise<T[]>,
  monotonicMs: () => number,
): Archives {
  let known: { readonly archives: readonly ArchivedMonth[]; readonly atMs: number } | undefined;

  async function read(): Promise<readonly ArchivedMonth[]> {
    const atMs = monotonicMs();
    known = { archives: await readArchives(rows).catch(noneBeforeMigration), atMs };
    return known.archives;
  }

  async function recent(): Promise<readonly ArchivedMonth[]> {
    return known !== undefined && monotonicMs() < known.atMs + maxAgeMs ? known.archives : read();
  }

  const sourcesOf = (archives: readonly ArchivedMonth[]) =>
    archives.length === 0 ? [] : [archiveSource(archives)];
  return {
    current: async () => sourcesOf(await recent()),
    refresh: async () => sourcesOf(await read()),
    retainedFromMs: async () => monthWindows(droppedMonths(await recent())).at(-1)?.endMs ?? 0,
  };
}

/** Returns no archives if the table does not exist yet, because no process of this version has migrated the schema. */
function noneBeforeMigration(error: unknown): ArchivedMonth[] {
  if (storeErrorCode(error) !== storeErrorCodes.unknownTable) throw error;
  return [];
}

function droppedMonths(archives: readonly ArchivedMonth[]): number[] {
  return [...new Set(archives.filter(({ isStored }) => !isStored).map(({ month }) => month))];
}

/**
 * Returns the source for archived months. Queries read a dropped month from its archives, and sessions that arrived after
 * the drop from the event table. The guard fails if a month was dropped after the list of archives was read.
 */
export function archiveSource(archives: readonly ArchivedMonth[]): MonthSource {
  const dropped = archives.filter(({ isStored }) => !isStored);
  const droppedSet = new Set(droppedMonths(archives));
  const archivedSet = new Set(archives.map(({ month }) => month));
  return {
    isOptional: false,
    guards: [guardOf(archives)],
    rewrite(step, query) {
      if (step.table !== undefined || windowsIn(step, archivedSet).length === 0) return [step];
      const windows = windowsIn(step, droppedSet);
      // A copy counts as a changed step, so the plan gets the guard although no month of the step is dropped yet.
      if (windows.length === 0) return [{ ...step }];
      requireArchivable(step, query);
      return [{ ...step }, archiveStep(step, windows, dropped)];
    },
  };
}

function windowsIn({ windows }: PlanStep, months: ReadonlySet<number>): TimeWindow[] {
  return windows === undefined ? monthWindows([...months]) : splitByMonths(windows, months).within;
}

/** @throws AppError `not_retained` if a step needs viewers or single sessions, which archives do not contain. */
function requireArchivable(step: PlanStep, query: UsageQuery): void {
  const isOfViewers = query.viewers !== undefined && step.span === viewerSpan(query);
  if (step.grain === undefined || isOfViewers) throw notRetained();
}

function archiveStep(
  step: PlanStep,
  windows: readonly TimeWindow[],
  dropped: readonly ArchivedMonth[],
): PlanStep {
  const { exceptMonths: _, ...read } = step;
  return {
    ...read,
    windows,
    table: {
      name: 'usage_archive',
      sessions: 'sum(sessions)',
      lastUsed: 'max(last_used)',
      conditions: [archiveCondition(dropped)],
      isByMonth: true,
    },
  };
}

function guardOf(archives: readonly ArchivedMonth[]): SnapshotGuard {
  const stored = archives.filter(({ isStored }) => isStored);
  const gone = archives.filter(({ isStored }) => !isStored);
  return {
    from: `SELECT countIf(${witnessCondition(gone)}) AS present, countIf(${witnessCondition(stored)}) AS still_stored
    FROM session_events WHERE ${witnessCondition(archives)}`,
    holds: `present = 0 AND still_stored = ${stored.length}`,
  };
}
