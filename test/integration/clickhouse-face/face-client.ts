import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { afterAll, beforeAll } from 'vitest';
import { type ClickHouseFace, startClickHouseFace } from '../../support/clickhouse-face/face.ts';

export interface FaceUnderTest {
  readonly face: ClickHouseFace;
  readonly client: ClickHouseClient;
  connect(options?: NonNullable<Parameters<typeof createClient>[0]>): ClickHouseClient;
  /** Returns the single value that a query yields, as text. */
  value(query: string): Promise<string>;
}

/** Starts a face with a table `w.t (a UInt32, b String)` for one test file. */
export function useFace(): FaceUnderTest {
  const clients: ClickHouseClient[] = [];
  const server = {} as { -readonly [Key in keyof FaceUnderTest]: FaceUnderTest[Key] };
  server.connect = (options = {}) => {
    const { url, user: username, password } = server.face;
    const client = createClient({ url, username, password, log: { level: 127 as never }, ...options });
    clients.push(client);
    return client;
  };
  server.value = async (query) => {
    const result = await server.client.query({ query, format: 'TabSeparated' });
    return (await result.text()).trim();
  };
  beforeAll(async () => {
    server.face = await startClickHouseFace();
    server.client = server.connect();
    await server.client.command({ query: 'CREATE DATABASE w' });
    await server.client.command({
      query: 'CREATE TABLE w.t (a UInt32, b String) ENGINE = MergeTree ORDER BY a',
    });
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await server.face.remove();
  });
  return server;
}
