import type { UsageControlStore } from './declarations/tables.ts';

/** A task that rewrites or drops stored sessions. */
export type MaintenanceTask = 'forgotten viewers' | 'retention';

/**
 * Starts a run of a task unless one was started in the last `intervalMs`, also by another process. Returns whether it was
 * started.
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
