import type { Sealer } from '../crypto/sealing.ts';
import type { ControlStore } from './control-store.ts';
import { getOrInsertFact } from './facts.ts';
import type { SystemTables } from './system-tables.ts';

const factName = 'master-key-check';

/**
 * Checks at process start that the master key is the key that encrypts the secrets in this store. The first start
 * stores an encrypted text, and later starts decrypt it.
 * @throws Error if the master key is another key. The message contains the ids of the keys, never the keys.
 */
export async function checkMasterKey(store: ControlStore<SystemTables>, sealer: Sealer): Promise<void> {
  const sealed = await getOrInsertFact(store, factName, sealer.seal(Buffer.from('watmeter'), factName));
  try {
    sealer.open(sealed, factName);
  } catch (cause) {
    throw new Error(
      `MASTER_KEY is not the key that this control store was created with: the store has key ${sealed.split('.')[1]}, ` +
        `the given key is ${sealer.keyId}. Set the original key; no other key can decrypt the secrets.`,
      { cause },
    );
  }
}
