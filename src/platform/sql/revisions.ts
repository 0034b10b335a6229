import type { ControlStore } from './control-store.ts';
import type { SystemTables } from './system-tables.ts';

/**
 * Returns the revision of a topic. Each change to the topic's data increments the revision. Other processes poll it
 * to detect changes.
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
 * Increments the revision of a topic and returns the new revision. The row is locked until the transaction ends, so
 * concurrent changes to a topic run one after the other.
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
