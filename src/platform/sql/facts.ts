import type { ControlStore } from './schema.ts';

/** Keeps a fact if none of that name is there yet, and answers the one that is. Safe between processes. */
export async function keepFact(store: ControlStore, name: string, value: string): Promise<string> {
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
