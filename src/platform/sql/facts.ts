import type { ControlStore } from './control-store.ts';
import type { SystemTables } from './system-tables.ts';

/**
 * Stores a fact (a named value), unless a fact with this name exists. Returns the stored value. Processes that call
 * this function at the same time all get the same value.
 */
export async function getOrInsertFact(
  store: ControlStore<SystemTables>,
  name: string,
  value: string,
): Promise<string> {
  await store
    .insertInto('facts')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  const row = await store
    .selectFrom('facts')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return row.value;
}
