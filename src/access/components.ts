import { createPeriodicTask } from '../platform/background/periodic-task.ts';
import type { Component } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/logger.ts';
import type { Access } from './access.ts';
import type { Organisations } from './organisations/organisations.ts';

/** Refresh interval of organisations. Each process must see changes by other processes within 2 s. */
const refreshMs = 500;
/**
 * Interval at which buffered authentications and refusals are stored. Requests that read them first flush the buffer.
 */
const flushMs = 1000;
/**
 * Interval in which equal audit entries are merged into one. Merging limits the growth of the log, because audit
 * entries never expire.
 */
const gatherMs = 10_000;

/** Returns a component that regularly loads organisations that other processes have created. */
export function watchOrganisations({ refresh }: Pick<Organisations, 'refresh'>, logger: Logger): Component {
  return createPeriodicTask('organisations', refreshMs, refresh, logger);
}

/**
 * Returns components that flush the buffers periodically, and once more at shutdown. They must start after the
 * control store opens and before all components that write into the buffers.
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
