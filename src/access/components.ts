import { createPeriodicTask } from '../platform/background/periodic-task.ts';
import type { Component } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/logger.ts';
import type { Access } from './access.ts';
import type { Organisations } from './organisations/organisations.ts';

/** A process knows the changes of other processes within 2 s. */
const refreshMs = 500;
/** How long an authentication or a refusal waits to be stored, unless a request reads it before. */
const flushMs = 1000;
/** How long equal audit notes are gathered into one line: the audit log is never trimmed. */
const gatherMs = 10_000;

/** Returns the component that reads the organisations that other processes create. */
export function watchOrganisations({ refresh }: Pick<Organisations, 'refresh'>, logger: Logger): Component {
  return createPeriodicTask('organisations', refreshMs, refresh, logger);
}

/**
 * Returns the components that store what requests have buffered: at intervals, and once more when they stop. They
 * start after the control store opens and before everything that writes into the buffers.
 */
export function flushAccessRecords(
  { tokenLog, refusals, auditNotes }: Pick<Access, 'tokenLog' | 'refusals' | 'auditNotes'>,
  logger: Logger,
): Component[] {
  const buffers = [
    { name: 'API token log', everyMs: flushMs, run: tokenLog.flush },
    { name: 'refusal counts', everyMs: flushMs, run: refusals.flush },
    { name: 'audit notes', everyMs: gatherMs, run: auditNotes.flush },
  ];
  return [
    ...buffers.map(({ name, run }) => ({ name, stop: run })),
    ...buffers.map(({ name, everyMs, run }) => createPeriodicTask(name, everyMs, run, logger)),
  ];
}
