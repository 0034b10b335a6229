import { createClient } from '@clickhouse/client';
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
export async function storedSessions({ url, user, password }: ClickHouseFace): Promise<string[]> {
  const client = createClient({ url, username: user, password, database });
  try {
    const query = 'SELECT session_id FROM session_events SETTINGS optimize_use_projections = 0';
    const result = await client.query({ query, format: 'JSONEachRow' });
    return (await result.json<{ session_id: string }>()).map(({ session_id }) => session_id);
  } finally {
    await client.close();
  }
}
