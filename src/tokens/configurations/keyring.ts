import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { createWatchedCache } from '../../platform/background/watched-cache.ts';
import type { Sealer } from '../../platform/crypto/sealing.ts';
import type { PrivateKeyRef } from '../jwe/private-key.ts';
import type { ConfigurationStore, KeyringEntry, KeyringKey } from './configuration-store.ts';

/** Caches all token configurations in memory, so that an exchange does not read from the store. */
export interface Keyring {
  find(kid: string): KeyringEntry | undefined;
  privateKey(key: KeyringKey): PrivateKeyRef;
  /**
   * A key that belongs to no configuration. The gateway uses it to decrypt tokens of unknown configurations, so that
   * their rejection takes as long as a real decryption.
   */
  readonly decoy: PrivateKeyRef;
  /** Returns the number of accepted keys at `nowMs` of the configuration that has the most, but at least 1. */
  mostKeys(nowMs: number): number;
  /** Reloads all configurations. When the promise resolves, changes by this process are in effect. */
  reload(): Promise<void>;
  /**
   * Reloads all configurations if another process has changed one. If the store fails, the cached state stays in use.
   */
  refresh(): Promise<void>;
}

interface KeyringState {
  entries: ReadonlyMap<string, KeyringEntry>;
  /** Entries with more than one key. There are few, because old keys are accepted only for a limited time. */
  rotated: readonly KeyringEntry[];
}

/** Creates the keyring and loads all configurations. */
export async function createKeyring(deps: { store: ConfigurationStore; sealer: Sealer }): Promise<Keyring> {
  const { store, sealer } = deps;
  const decoy = await createDecoyKey();
  const cache = await createWatchedCache<KeyringState>({
    revision: () => store.revision(),
    createEmpty: () => ({ entries: new Map(), rotated: [] }),
    async load(state) {
      state.entries = await store.readKeyring();
      state.rotated = [...state.entries.values()].filter(({ keys }) => keys.length > 1);
    },
  });
  return {
    decoy,
    reload: cache.reload,
    refresh: cache.refresh,
    find: (kid) => cache.value().entries.get(kid),
    mostKeys: (nowMs) =>
      cache
        .value()
        .rotated.reduce(
          (most, { keys }) => Math.max(most, keys.filter((key) => isAcceptedAt(key, nowMs)).length),
          1,
        ),
    privateKey: (key) => ({
      id: key.id,
      pkcs8: () => sealer.open(key.sealedPrivateKey, privateKeyContext(key.id)),
    }),
  };
}

async function createDecoyKey(): Promise<PrivateKeyRef> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  return { id: 'decoy', pkcs8: () => pkcs8 };
}

/** Returns whether tokens of a key are accepted at `nowMs`. */
export function isAcceptedAt({ acceptedUntilMs }: KeyringKey, nowMs: number): boolean {
  return acceptedUntilMs === undefined || nowMs < acceptedUntilMs;
}

/**
 * Returns the encryption context of a private key. With the context, an encrypted key cannot be decrypted after it
 * was copied to another row.
 */
export function privateKeyContext(keyId: string): string {
  return `configuration_keys/${keyId}`;
}
