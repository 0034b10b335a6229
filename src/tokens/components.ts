import { createPeriodicTask } from '../platform/background/periodic-task.ts';
import type { Clock } from '../platform/clock.ts';
import type { Component } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/logger.ts';
import type { Tokens } from './tokens.ts';

/** Interval at which changes by other processes are loaded. A change must take effect in every process within 2 s. */
const refreshMs = 500;
/** Interval at which revocations that no longer have an effect are removed. */
const purgeMs = 3_600_000;
/**
 * Interval at which unneeded private keys are removed. A private key is in the store for at most this long after its
 * tokens stop being accepted.
 */
const removeKeysMs = 5000;

/** Returns the components that load changes by other processes to configurations and revocations. */
export function watchTokenChanges(
  { keyring, revocations }: Pick<Tokens, 'keyring' | 'revocations'>,
  logger: Logger,
): Component[] {
  return [
    createPeriodicTask('token configurations', refreshMs, keyring.refresh, logger),
    createPeriodicTask('revocations', refreshMs, revocations.refresh, logger),
  ];
}

export interface CleanUpDeps {
  readonly tokens: Pick<Tokens, 'revocationStore' | 'revocations' | 'configurationKeys'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Returns the components that remove unneeded revocations and private keys. */
export function cleanUpTokens({ tokens, clock, logger }: CleanUpDeps): Component[] {
  const { revocationStore, revocations, configurationKeys } = tokens;
  const purgeRevocations = async () => {
    await revocationStore.purge(clock.nowMs());
    await revocations.reload();
  };
  const removeKeys = async () => {
    const removed = await configurationKeys.removeUnneeded(clock.nowMs());
    if (removed > 0) logger.info({ keys: removed }, 'unneeded private keys were removed');
  };
  return [
    createPeriodicTask('old revocations', purgeMs, purgeRevocations, logger),
    createPeriodicTask('replaced keys', removeKeysMs, removeKeys, logger),
  ];
}

/**
 * Returns the component of a gateway worker that drops revocations which the main process has removed from the store.
 */
export function dropPurgedRevocations(
  { reload }: Pick<Tokens['revocations'], 'reload'>,
  logger: Logger,
): Component {
  return createPeriodicTask('old revocations', purgeMs, reload, logger);
}
