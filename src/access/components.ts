import { createPeriodicTask } from '../platform/background/periodic-task.ts';
import type { Component } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/logger.ts';
import type { Access } from './access.ts';
import type { Organisations } from './organisations/organisations.ts';

/** Refresh interval. Each process must see the changes of other processes within 2 s. */
const refreshMs = 500;
/** Interval at which authentications and refusals are stored. Requests that read them flush the buffer first. */
const flushMs = 1000;
/**
 * Interval in which equal audit entries are merged into one line. It limits growth, because audit entries never expire.
 */
const gatherMs = 10_000;

/** Returns a component that loads the organisations that other processes create. */
export function watchOrganisations({ refresh }: Pick<Organisations, 'refresh'>, logger: Logger): Component {
  return createPeriodicTask('organisations', refreshMs, refresh, logger);
}

/**
 * Returns components that flush the buffers periodically, and once more at shutdown. They start after the control store
 * opens and before all components that write into the buffers.
 */
export function flushAccessRecords(
  { tokenLog, refusals, auditBuffer }: Pick<Access, 'tokenLog' | 'refusals' | 'auditBuffer'>,
  logger: Logger,
): Component[] {
  const buffers = [
    { name: 'API token log', everyMs: flushMs, run: tokenLog.flush },
    { name: 'refusal counts', everyMs: flushMs, run: refusals.flush },
    { name: 'audit notes', everyMs: gatherMs, run: auditBuffer.flush },
  ];
  return [
    ...buffers.map(({ name, run }) => ({ name, stop: run })),
    ...buffers.map(({ name, everyMs, run }) => createPeriodicTask(name, everyMs, run, logger)),
  ];
}
