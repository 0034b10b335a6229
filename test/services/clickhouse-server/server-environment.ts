import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ChdbServer } from '../../support/chdb-server/chdb-server.ts';

/** A database name other than the default, so that a query with a hard-coded name fails. */
const database = 'meters';

/** Returns the settings for a watmeter process that uses a chdb server. */
export function environmentOf(clickHouse: ChdbServer): Record<string, string> {
  return {
    CLICKHOUSE_URL: clickHouse.url,
    CLICKHOUSE_USER: clickHouse.user,
    CLICKHOUSE_PASSWORD: clickHouse.password,
    CLICKHOUSE_DATABASE: database,
    SINK_LINGER: '20ms',
  };
}

/** Returns the session ids of all stored rows, including duplicates. */
export function storedSessions(clickHouse: ChdbServer): Promise<string[]> {
  const query =
    'SELECT toString(session_id) AS name FROM session_events SETTINGS optimize_use_projections = 0';
  return namesOf(clickHouse, query);
}

/** Returns the column `name` of a query result. */
export async function namesOf({ url, user, password }: ChdbServer, query: string): Promise<string[]> {
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
