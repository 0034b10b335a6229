import type { ControlStore } from './control-store.ts';
import type { SystemTables } from './system-tables.ts';

/**
 * Returns the revision of a topic. Each change of the topic increments it, so that other processes detect the
 * change.
 */
export async function readRevision(control: ControlStore<SystemTables>, topic: string): Promise<number> {
  const row = await control
    .selectFrom('revisions')
    .select('revision')
    .where('topic', '=', topic)
    .executeTakeFirstOrThrow();
  return Number(row.revision);
}

/**
 * Increments the revision of a topic and returns it. The transaction holds the row lock until it ends, so
 * concurrent changes of a topic run one after the other.
 */
export async function incrementRevision(
  transaction: ControlStore<SystemTables>,
  topic: string,
): Promise<number> {
  const row = await transaction
    .updateTable('revisions')
    .set(({ eb }) => ({ revision: eb('revision', '+', 1) }))
    .where('topic', '=', topic)
    .returning('revision')
    .executeTakeFirstOrThrow();
  return Number(row.revision);
}
