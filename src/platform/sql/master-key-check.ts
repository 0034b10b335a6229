import type { Sealer } from '../crypto/sealing.ts';
import type { ControlStore } from './control-store.ts';
import { keepFact } from './facts.ts';
import type { SystemTables } from './system-tables.ts';

const factName = 'master-key-check';

/**
 * Refuses a master key that is not the one this store's secrets are sealed with, before anything is served.
 * @throws Error that names the key ids, never the keys.
 */
export async function checkMasterKey(store: ControlStore<SystemTables>, sealer: Sealer): Promise<void> {
  const sealed = await keepFact(store, factName, sealer.seal(Buffer.from('watmeter'), factName));
  try {
    sealer.open(sealed, factName);
  } catch (cause) {
    throw new Error(
      `MASTER_KEY is not the key that this control store was made with (its id is ${sealed.split('.')[1]}, ` +
        `the given key's is ${sealer.keyId}). Give the right one; the secrets cannot be opened with another.`,
      { cause },
    );
  }
}
