import type { ControlStore } from './control-store.ts';
import type { SystemTables } from './system-tables.ts';

/** Keeps a fact if none of that name is there yet, and answers the one that is. Safe between processes. */
export async function keepFact(
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
