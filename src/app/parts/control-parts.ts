import type { Clock } from '../../platform/clock.ts';
import type { Component } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/logger.ts';
import { addGauge, type Metrics } from '../../platform/metrics.ts';
import type { Control } from '../control.ts';
import { createWatch } from '../watch.ts';

/** How often changes by other processes are looked for: a disabled configuration stops there within 2 s. */
const refreshMs = 500;
/** How long an authentication or a refusal waits to be stored, unless somebody asks for it before. */
const flushMs = 1000;

/** How long requests of tokens are gathered into one line: the audit log is kept for ever. */
const gatherMs = 10_000;
/** How often revocations that can no longer matter are removed. */
export const purgeMs = 3_600_000;
/** How long a private key stays in the store after the end of its tokens, at most. */
const removeKeysMs = 5000;

/** What follows changes by other processes. */
export function followsOf({ keyring, organisations, revocations }: Control, logger: Logger): Component[] {
  return [
    createWatch('token configurations', refreshMs, keyring.refresh, logger),
    createWatch('organisations', refreshMs, organisations.refresh, logger),
    createWatch('revocations', refreshMs, revocations.refresh, logger),
  ];
}

/** What follows changes by other processes, removes what is over, and stores what requests have noted. */
export function watchesOf(control: Control, clock: Clock, logger: Logger): Component[] {
  const { revocations, revocationStore, tokenLog, refusals, auditNotes } = control;
  const purgeRevocations = async () => {
    await revocationStore.purge(clock.nowMs());
    await revocations.reload();
  };
  const removeKeys = async () => {
    const removed = await control.configurationKeys.removeUnneeded(clock.nowMs());
    if (removed > 0) logger.info({ keys: removed }, 'private keys that nothing needs any more were removed');
  };
  return [
    ...followsOf(control, logger),
    createWatch('old revocations', purgeMs, purgeRevocations, logger),
    createWatch('API token log', flushMs, tokenLog.flush, logger),
    createWatch('refusal counts', flushMs, refusals.flush, logger),
    createWatch('audit notes', gatherMs, auditNotes.flush, logger),
    createWatch('replaced keys', removeKeysMs, removeKeys, logger),
  ];
}

/** What requests have only noted is stored after the last of them, before the store is closed. */
export function notesOf({ tokenLog, refusals, auditNotes }: Control): Component[] {
  return [
    { name: 'API token log', stop: tokenLog.flush },
    { name: 'refusal counts', stop: refusals.flush },
    { name: 'audit notes', stop: auditNotes.flush },
  ];
}

/** For those who watch: a log with gaps says so. */
export function addDroppedGauge({ registry }: Metrics, { tokenLog }: Control): void {
  addGauge(
    registry,
    'watmeter_unlogged_authentications',
    'Authentications that are not in the log of API tokens: too many at once',
    tokenLog.dropped,
  );
}
