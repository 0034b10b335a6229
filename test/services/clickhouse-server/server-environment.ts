import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseFace } from '../../support/clickhouse-face/face.ts';

/** Not the usual name: so that a query that names the database itself is found out. */
const database = 'meters';

/** Settings of a watmeter process that stores behind a face. */
export function environmentOf(face: ClickHouseFace): Record<string, string> {
  return {
    CLICKHOUSE_URL: face.url,
    CLICKHOUSE_USER: face.user,
    CLICKHOUSE_PASSWORD: face.password,
    CLICKHOUSE_DATABASE: database,
    SINK_LINGER: '20ms',
  };
}

/** The session of every row, also of rows that are there twice. */
export function storedSessions(face: ClickHouseFace): Promise<string[]> {
  const query =
    'SELECT toString(session_id) AS name FROM session_events SETTINGS optimize_use_projections = 0';
  return namesOf(face, query);
}

/** The column `name` of what a query answers. */
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
