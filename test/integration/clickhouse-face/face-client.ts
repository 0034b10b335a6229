import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { afterAll, beforeAll } from 'vitest';
import { type ClickHouseFace, startClickHouseFace } from '../../support/clickhouse-face/face.ts';

export interface FaceUnderTest {
  readonly face: ClickHouseFace;
  readonly client: ClickHouseClient;
  connect(options?: NonNullable<Parameters<typeof createClient>[0]>): ClickHouseClient;
  /** The one value that a query answers, as text. */
  value(query: string): Promise<string>;
}

/** A face with a table `w.t (a UInt32, b String)`, for one test file. */
export function useFace(): FaceUnderTest {
  const clients: ClickHouseClient[] = [];
  const used = {} as { -readonly [Key in keyof FaceUnderTest]: FaceUnderTest[Key] };
  used.connect = (options = {}) => {
    const { url, user: username, password } = used.face;
    const client = createClient({ url, username, password, log: { level: 127 as never }, ...options });
    clients.push(client);
    return client;
  };
  used.value = async (query) => {
    const result = await used.client.query({ query, format: 'TabSeparated' });
    return (await result.text()).trim();
  };
  beforeAll(async () => {
    used.face = await startClickHouseFace();
    used.client = used.connect();
    await used.client.command({ query: 'CREATE DATABASE w' });
    await used.client.command({
      query: 'CREATE TABLE w.t (a UInt32, b String) ENGINE = MergeTree ORDER BY a',
    });
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await used.face.remove();
  });
  return used;
}
