/**
 * A complete archive of one table part of a UTC month. Usage queries count the archive as soon as its witness, one of the
 * archived sessions, is no longer in the event table.
 */
export interface ArchivedMonth {
  readonly id: string;
  /** Table partition, for example 202601. */
  readonly month: number;
  readonly part: string;
  readonly sessions: number;
  readonly signature: string;
  readonly createdMs: number;
  /** Identity of one archived session. */
  readonly witness: ArchiveWitness;
  /** True if the archived sessions are still in the event table. Usage queries then ignore the archive. */
  readonly isStored: boolean;
}

export interface ArchiveWitness {
  readonly producer: string;
  readonly partition: number;
  readonly sequence: number;
}

/** Runs a query and returns its rows. */
type QueryRows = <T>(query: string) => Promise<T[]>;

const archivesQuery = `
  SELECT archive AS id, month, part, sessions, signature, producer, partition, sequence,
    toUnixTimestamp64Milli(created) AS createdMs
  FROM usage_archives ORDER BY month, created`;

type ArchiveRow = Record<
  'id' | 'month' | 'part' | 'sessions' | 'signature' | 'producer' | 'partition' | 'sequence' | 'createdMs',
  string
>;

/** Reads all complete archives, and whether their sessions are still in the event table. */
export async function readArchives(rows: QueryRows): Promise<ArchivedMonth[]> {
  const archives = (await rows<ArchiveRow>(archivesQuery)).map(toArchive);
  if (archives.length === 0) return [];
  const stored = await rows<{ producer: string; partition: string; sequence: string }>(
    `SELECT producer, partition, sequence FROM session_events WHERE ${witnessCondition(archives)}`,
  );
  const keys = new Set(
    stored.map(({ producer, partition, sequence }) => `${partition}/${producer}/${sequence}`),
  );
  return archives.map((archive) => ({ ...archive, isStored: keys.has(keyOf(archive.witness)) }));
}

/**
 * Returns the SQL condition for the witnesses of archives. ClickHouse reads only the partitions of their months. Producers
 * are not escaped, because `decodeSessionEvent` has checked them.
 */
export function witnessCondition(archives: readonly Pick<ArchivedMonth, 'month' | 'witness'>[]): string {
  if (archives.length === 0) return '0';
  const months = [...new Set(archives.map(({ month }) => `'${month}'`))].join(', ');
  const identities = archives.map(
    ({ witness }) => `('${witness.producer}', ${witness.partition}, ${witness.sequence})`,
  );
  return `_partition_id IN (${months}) AND (producer, partition, sequence) IN (${identities.join(', ')})`;
}

/** Returns the SQL condition for the rows of archives in `usage_archive` and `archived_sequences`. */
export function archiveCondition(archives: readonly Pick<ArchivedMonth, 'id'>[]): string {
  return archives.length === 0 ? '0' : `archive IN (${archives.map(({ id }) => `'${id}'`).join(', ')})`;
}

function toArchive(row: ArchiveRow): ArchivedMonth {
  return {
    id: row.id,
    month: Number(row.month),
    part: row.part,
    sessions: Number(row.sessions),
    signature: row.signature,
    createdMs: Number(row.createdMs),
    witness: { producer: row.producer, partition: Number(row.partition), sequence: Number(row.sequence) },
    isStored: true,
  };
}

function keyOf({ producer, partition, sequence }: ArchiveWitness): string {
  return `${partition}/${producer}/${sequence}`;
}
