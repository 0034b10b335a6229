import type { UsageControlStore } from './declarations/tables.ts';

/** A task that rewrites or drops stored sessions. */
export type MaintenanceTask = 'forgotten viewers' | 'retention';

/**
 * Records the start of a run, unless this or another process started a run of the same task in the last `intervalMs`.
 * Returns whether the caller may run the task. A run that takes longer than `intervalMs` does not prevent another run.
 */
export type StartRun = (task: MaintenanceTask, nowMs: number, intervalMs: number) => Promise<boolean>;

/** Creates the function that starts runs. All processes share the control store. */
export function createStartRun(control: UsageControlStore): StartRun {
  return async (task, nowMs, intervalMs) => {
    const { numUpdatedRows } = await control
      .updateTable('maintenance_runs')
      .set({ started_at: nowMs })
      .where('name', '=', task)
      .where('started_at', '<=', nowMs - intervalMs)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  };
}
