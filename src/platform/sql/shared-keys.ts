import { randomBytes } from 'node:crypto';
import type { Sealer } from '../crypto/sealing.ts';
import type { ControlStore } from './control-store.ts';
import type { SystemTables } from './system-tables.ts';

/** A secret of 32 bytes in the control store. All processes share it. */
export interface SharedKey {
  readonly id: string;
  readonly secret: Buffer;
}

/**
 * Returns the keys for a purpose, newest first. If there is none, creates the first key. Processes that start at the
 * same time get the same key, because the id of the first key is derived from the purpose, and only one row can have
 * this id.
 */
export async function loadSharedKeys(
  store: ControlStore<SystemTables>,
  sealer: Sealer,
  purpose: string,
  nowMs: number,
): Promise<readonly [SharedKey, ...SharedKey[]]> {
  const firstId = `${purpose}-1`;
  await store
    .insertInto('shared_keys')
    .values({
      id: firstId,
      purpose,
      secret: sealer.seal(randomBytes(32), contextOf(firstId)),
      created_at: nowMs,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const rows = await store
    .selectFrom('shared_keys')
    .select(['id', 'secret'])
    .where('purpose', '=', purpose)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  const [newest, ...older] = rows.map(({ id, secret }) => ({
    id,
    secret: sealer.open(secret, contextOf(id)),
  }));
  if (newest === undefined) throw new Error(`no shared key for ${purpose}`);
  return [newest, ...older];
}

function contextOf(id: string): string {
  return `shared_keys/${id}`;
}
