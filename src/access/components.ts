import { createPeriodicTask } from '../platform/background/periodic-task.ts';
import type { Component } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/logger.ts';
import type { Access } from './access.ts';
import type { Organisations } from './organisations/organisations.ts';

/** The refresh interval. Each process must see the changes of others within 2 s. */
const refreshMs = 500;
/** The interval at which authentications and refusals are stored. A request that reads them flushes earlier. */
const flushMs = 1000;
/** The interval in which equal audit entries become one line. It limits growth, because the audit log has no retention. */
const gatherMs = 10_000;

/** Returns the component that reads the organisations that other processes create. */
export function watchOrganisations({ refresh }: Pick<Organisations, 'refresh'>, logger: Logger): Component {
  return createPeriodicTask('organisations', refreshMs, refresh, logger);
}

/**
 * Returns the components that flush the buffers of requests at intervals, and once more when they stop. They start after
 * the control store opens and before all components that write into the buffers.
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
