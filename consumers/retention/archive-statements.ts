import { literal } from '../../src/platform/clickhouse/literals.ts';

/** SQL statements that archive one part of a month. Pure functions. */

export interface MonthPart {
  /** Id of the archive. */
  readonly archive: string;
  readonly month: number;
  readonly part: string;
}

/** Makes a statement read rows instead of projections, so that the archive is compared with the sessions themselves. */
const byRows = 'SETTINGS optimize_use_projections = 0';

const ofPart = ({ month, part }: Omit<MonthPart, 'archive'>) =>
  `_partition_id = '${month}' AND _part = ${literal(part)}`;

/** Query for the active parts of a month. */
export function activePartsQuery(month: number): string {
  return `
  SELECT name FROM system.parts WHERE database = currentDatabase() AND table = 'session_events' AND active
    AND partition_id = '${month}' AND rows > 0 ORDER BY name`;
}

/** Query for the months that have sessions. */
export const monthsQuery = `
  SELECT toUInt32(partition_id) AS month, sum(rows) AS sessions FROM system.parts
  WHERE database = currentDatabase() AND table = 'session_events' AND active AND rows > 0
  GROUP BY month ORDER BY month`;

/** Query for incomplete archives: those without a record, which a crash or a failed comparison left. */
export const incompleteQuery = `
  SELECT DISTINCT archive FROM (SELECT archive FROM usage_archive UNION ALL SELECT archive FROM archived_sequences)
  WHERE archive NOT IN (SELECT archive FROM usage_archives)`;

/** Query for the streams of a part: number of sessions, number of distinct sequences, and highest sequence. */
export function streamsQuery(part: MonthPart): string {
  return `
  SELECT partition, producer, count() AS sessions, groupBitmap(sequence) AS distinct, max(sequence) AS last
  FROM session_events WHERE ${ofPart(part)} GROUP BY partition, producer ORDER BY partition, producer ${byRows}`;
}

/** Returns the statement that archives the sessions of a part. */
export function archiveSessions(part: MonthPart): string {
  return `
  INSERT INTO usage_archive (archive, month, organisation_id, configuration_id, tags, quarter, sessions, last_used)
  SELECT ${literal(part.archive)}, ${part.month}, organisation_id, configuration_id, tags, quarter, count(), max(time)
  FROM session_events WHERE ${ofPart(part)} GROUP BY organisation_id, configuration_id, tags, quarter
  SETTINGS async_insert = 0`;
}

/** Returns the statement that archives the sequences in a part, as ranges of consecutive sequences by stream. */
export function archiveSequences(part: MonthPart): string {
  return `
  INSERT INTO archived_sequences (archive, month, partition, producer, first, last)
  SELECT ${literal(part.archive)}, ${part.month}, partition, producer, min(sequence), max(sequence) FROM (
    SELECT partition, producer, sequence,
      sequence - row_number() OVER (PARTITION BY partition, producer ORDER BY sequence) AS stretch
    FROM session_events WHERE ${ofPart(part)}
  ) GROUP BY partition, producer, stretch SETTINGS async_insert = 0`;
}

const groups = 'organisation_id, configuration_id, tags, quarter';

/** Query for the signature of the sessions in a part: a digest over the groups that the archive will contain. */
export function partSignatureQuery(part: MonthPart): string {
  return `
  SELECT sum(n) AS sessions, toString(sum(cityHash64(${groups}, n, last))) AS signature FROM (
    SELECT ${groups}, count() AS n, max(time) AS last FROM session_events WHERE ${ofPart(part)} GROUP BY ${groups}
  ) ${byRows}`;
}

/** Query for the signature of an archive. A complete archive has the same signature as its table part. */
export function archiveSignatureQuery(archive: string): string {
  return `
  SELECT sum(n) AS sessions, toString(sum(cityHash64(${groups}, n, last))) AS signature FROM (
    SELECT ${groups}, sessions AS n, last_used AS last FROM usage_archive WHERE archive = ${literal(archive)}
  )`;
}

/** Query for the number of archived sequences. */
export function archivedSequencesQuery(archive: string): string {
  return `SELECT sum(last - first + 1) AS sequences FROM archived_sequences WHERE archive = ${literal(archive)}`;
}

/** Returns the statements that delete archives. The first deletes the record: without a record, other rows are ignored. */
export function removeArchives(archives: readonly string[]): string[] {
  const ids = archives.map(literal).join(', ');
  return ['usage_archives', 'usage_archive', 'archived_sequences'].map(
    (table) => `ALTER TABLE ${table} DELETE WHERE archive IN (${ids}) SETTINGS mutations_sync = 2`,
  );
}
