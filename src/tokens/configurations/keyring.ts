import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { createWatchedCache } from '../../platform/background/watched-cache.ts';
import type { Sealer } from '../../platform/crypto/sealing.ts';
import type { PrivateKeyRef } from '../jwe/private-key.ts';
import type { ConfigurationStore, KeyringEntry, KeyringKey } from './configuration-store.ts';

/** All token configurations in memory, so that an exchange asks no store. */
export interface Keyring {
  find(kid: string): KeyringEntry | undefined;
  privateKey(key: KeyringKey): PrivateKeyRef;
  /**
   * A key that nobody's tokens are made with. Tokens of unknown configurations are "opened" with it, so that they
   * are refused in the time that a real opening takes.
   */
  readonly decoy: PrivateKeyRef;
  /** How many keys the configuration with most of them has then; at least 1. */
  mostKeys(nowMs: number): number;
  /** Reads everything anew: what was changed in this process acts from the moment this resolves. */
  reload(): Promise<void>;
  /** Reads anew if another process has changed something. When the store fails, what is known goes on. */
  refresh(): Promise<void>;
}

interface Known {
  entries: ReadonlyMap<string, KeyringEntry>;
  /** The entries with more than one key: few, since old keys are accepted for a while only. */
  rotated: readonly KeyringEntry[];
}

export async function createKeyring(deps: { store: ConfigurationStore; sealer: Sealer }): Promise<Keyring> {
  const { store, sealer } = deps;
  const decoy = await createDecoyKey();
  const cache = await createWatchedCache<Known>({
    revision: () => store.revision(),
    createEmpty: () => ({ entries: new Map(), rotated: [] }),
    async load(known) {
      known.entries = await store.readKeyring();
      known.rotated = [...known.entries.values()].filter(({ keys }) => keys.length > 1);
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

/** Whether tokens made with a key may be opened then. */
export function isAcceptedAt({ acceptedUntilMs }: KeyringKey, nowMs: number): boolean {
  return acceptedUntilMs === undefined || nowMs < acceptedUntilMs;
}

/** Where a private key is sealed for: a row's secret cannot be moved to another row. */
export function privateKeyContext(keyId: string): string {
  return `configuration_keys/${keyId}`;
}
