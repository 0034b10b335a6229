const viewerTypeQuery = `
  SELECT currentDatabase() AS database, type FROM system.columns
  WHERE database = currentDatabase() AND table = 'session_events' AND name = 'viewer'`;

/**
 * Returns the name of the database if the event table has the current format, or undefined if the table of an older
 * version is not converted yet.
 */
export async function convertedDatabase(
  rows: <T>(query: string) => Promise<T[]>,
): Promise<string | undefined> {
  const [column] = await rows<{ database: string; type: string }>(viewerTypeQuery);
  return column?.type === 'UUID' ? column.database : undefined;
}
