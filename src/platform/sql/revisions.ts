import type { ControlStore } from './control-store.ts';
import type { SystemTables } from './system-tables.ts';

/** What processes look at to see whether another one has changed something: a number for each topic, that only rises. */
export async function readRevision(control: ControlStore<SystemTables>, topic: string): Promise<number> {
  const row = await control
    .selectFrom('revisions')
    .select('revision')
    .where('topic', '=', topic)
    .executeTakeFirstOrThrow();
  return Number(row.revision);
}

/** Tells all processes that something of the topic has changed. Whoever has raised it is alone until his transaction ends. */
export async function raiseRevision(transaction: ControlStore<SystemTables>, topic: string): Promise<number> {
  const row = await transaction
    .updateTable('revisions')
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .where('topic', '=', topic)
    .returning('revision')
    .executeTakeFirstOrThrow();
  return Number(row.revision);
}
