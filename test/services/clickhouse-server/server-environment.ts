import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseFace } from '../../support/clickhouse-face/face.ts';

/** Not the default name, so that a query with a hard-coded database fails. */
const database = 'meters';

/** Returns the settings of a watmeter process that stores on a face. */
export function environmentOf(face: ClickHouseFace): Record<string, string> {
  return {
    CLICKHOUSE_URL: face.url,
    CLICKHOUSE_USER: face.user,
    CLICKHOUSE_PASSWORD: face.password,
    CLICKHOUSE_DATABASE: database,
    SINK_LINGER: '20ms',
  };
}

/** Returns the session id of every stored row, including duplicates. */
export function storedSessions(face: ClickHouseFace): Promise<string[]> {
  const query =
    'SELECT toString(session_id) AS name FROM session_events SETTINGS optimize_use_projections = 0';
  return namesOf(face, query);
}

/** Returns the column `name` of the result of a query. */
export async function namesOf({ url, user, password }: ClickHouseFace, query: string): Promise<string[]> {
  const client = createClient({
    url,
    username: user,
    password,
    database,
    log: { level: ClickHouseLogLevel.OFF },
  });
  try {
    const result = await client.query({ query, format: 'JSONEachRow' });
    return (await result.json<{ name: string }>()).map(({ name }) => name);
  } finally {
    await client.close();
  }
}
