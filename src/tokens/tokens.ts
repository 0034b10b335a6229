import type { ChangeListeners } from '../platform/background/change-listeners.ts';
import type { Clock } from '../platform/clock.ts';
import type { Sealer } from '../platform/crypto/sealing.ts';
import { createConfigurationCheck } from './configurations/configuration-check.ts';
import { createConfigurationKeys } from './configurations/configuration-keys.ts';
import { createConfigurationStore } from './configurations/configuration-store.ts';
import { createConfigurations } from './configurations/configurations.ts';
import { createKeyring } from './configurations/keyring.ts';
import type { TokenStore } from './declarations/tables.ts';
import { createRevocationCache } from './revocation/revocation-cache.ts';
import { createRevocationList } from './revocation/revocation-list.ts';
import { createRevocationService } from './revocation/revocation-service.ts';
import { createRevocationStore, type StoredRevocation } from './revocation/revocation-store.ts';
import { createSessionEnding } from './revocation/session-ending.ts';

export interface TokensDeps {
  readonly control: TokenStore;
  readonly sealer: Sealer;
  /** Notifies the gateway workers of this process. Each change takes effect in them before the response is sent. */
  readonly changeListeners: Pick<ChangeListeners, 'notify'>;
  readonly clock: Clock;
}

export type Tokens = Awaited<ReturnType<typeof createTokens>>;

/** Creates the services for token configurations, their keys and revocations, and loads all of these into memory. */
export async function createTokens({ control, sealer, changeListeners, clock }: TokensDeps) {
  const configurationStore = createConfigurationStore(control);
  const configurationKeys = createConfigurationKeys(control);
  const keyring = await createKeyring({ store: configurationStore, sealer });
  const configurations = createConfigurations({
    ...{ store: configurationStore, keys: configurationKeys },
    keyring: { reload: () => applyChange(keyring.reload, changeListeners) },
    ...{ sealer, clock },
  });
  const revocationStore = createRevocationStore(control);
  const revocations = await createRevocationCache(revocationStore, clock);
  const cache = {
    add: (revocation: StoredRevocation) => applyChange(() => revocations.add(revocation), changeListeners),
  };
  const revocationService = createRevocationService({
    ...{ cache, sealer },
    ...{ store: revocationStore, keyring, configurations: configurationStore, clock },
  });
  return {
    ...{ configurationStore, configurationKeys, keyring, configurations },
    requireConfigurations: createConfigurationCheck(control),
    ...{ revocationStore, revocations, revocationService },
    revocationList: createRevocationList({ control, store: revocationStore, cache, sealer, clock }),
    endSession: createSessionEnding({ store: revocationStore, cache, clock }),
  };
}

/** Applies a change, and resolves after the gateway workers of this process have loaded it. */
async function applyChange(
  change: () => Promise<void> | void,
  { notify }: Pick<ChangeListeners, 'notify'>,
): Promise<void> {
  await change();
  await notify();
}
