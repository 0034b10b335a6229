import { archiveCondition, readArchives } from '../../src/events/archived-months.ts';
import type { ArchivedSequences } from './statements/event-queries.ts';

/** Reads the archives, and returns the conditions for their sequences, or undefined if no month is archived. */
export async function archivedSequences(
  rows: <T>(query: string) => Promise<T[]>,
): Promise<ArchivedSequences | undefined> {
  const archives = await readArchives(rows);
  if (archives.length === 0) return undefined;
  return {
    all: archiveCondition(archives),
    dropped: archiveCondition(archives.filter(({ isStored }) => !isStored)),
  };
}
