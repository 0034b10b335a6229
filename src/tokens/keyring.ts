import { LRUCache } from 'lru-cache';
import type { Sealer } from '../platform/sealing.ts';
import type { ConfigurationStore, KeyringEntry, KeyringKey } from './configuration-store.ts';
import type { OpeningKey } from './jwe.ts';
import { createDecoyKey, importOpeningKey } from './opening-key.ts';

/** All token configurations in memory, so that an exchange asks no store. */
export interface Keyring {
  find(kid: string): KeyringEntry | undefined;
  openingKey(key: KeyringKey): Promise<OpeningKey>;
  readonly decoy: OpeningKey;
  /** Reads everything anew: what was changed in this process acts from the moment this resolves. */
  reload(): Promise<void>;
  /** Reads anew if another process has changed something. When the store fails, what is known goes on. */
  refresh(): Promise<void>;
}

/** Imported keys hold native memory; the ones not used lately are imported again when they are needed. */
const maxImportedKeys = 2000;

export async function createKeyring(deps: { store: ConfigurationStore; sealer: Sealer }): Promise<Keyring> {
  const { store, sealer } = deps;
  const decoy = await createDecoyKey();
  const imported = new LRUCache<string, Promise<OpeningKey>>({ max: maxImportedKeys });
  let entries: ReadonlyMap<string, KeyringEntry> = new Map();
  let revision = -1;

  async function reload(): Promise<void> {
    // The revision first: what changes between the two reads is then read once more, not missed.
    const currentRevision = await store.revision();
    entries = await store.readKeyring();
    revision = currentRevision;
  }

  await reload();
  return {
    decoy,
    reload,
    find: (kid) => entries.get(kid),
    openingKey(key) {
      const known = imported.get(key.id);
      if (known !== undefined) return known;
      const opened = importSealed(sealer, key);
      imported.set(key.id, opened);
      opened.catch(() => imported.delete(key.id));
      return opened;
    },
    async refresh() {
      if ((await store.revision()) !== revision) await reload();
    },
  };
}

async function importSealed(sealer: Sealer, key: KeyringKey): Promise<OpeningKey> {
  const pkcs8 = sealer.open(key.sealedPrivateKey, privateKeyContext(key.id));
  return importOpeningKey(key.id, pkcs8);
}

/** Where a private key is sealed for: a row's secret cannot be moved to another row. */
export function privateKeyContext(keyId: string): string {
  return `configuration_keys/${keyId}`;
}
