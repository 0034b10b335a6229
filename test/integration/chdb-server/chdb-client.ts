import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { afterAll, beforeAll } from 'vitest';
import { type ChdbServer, startChdbServer } from '../../support/chdb-server/chdb-server.ts';

export interface ServerUnderTest {
  readonly clickHouse: ChdbServer;
  readonly client: ClickHouseClient;
  connect(options?: NonNullable<Parameters<typeof createClient>[0]>): ClickHouseClient;
  /** Returns the only value in a query result, as text. */
  value(query: string): Promise<string>;
}

/** Starts a chdb server with the table `w.t (a UInt32, b String)` for one test file. */
export function useChdbServer(): ServerUnderTest {
  const clients: ClickHouseClient[] = [];
  const server = {} as { -readonly [Key in keyof ServerUnderTest]: ServerUnderTest[Key] };
  server.connect = (options = {}) => {
    const { url, user: username, password } = server.clickHouse;
    const client = createClient({ url, username, password, log: { level: 127 as never }, ...options });
    clients.push(client);
    return client;
  };
  server.value = async (query) => {
    const result = await server.client.query({ query, format: 'TabSeparated' });
    return (await result.text()).trim();
  };
  beforeAll(async () => {
    server.clickHouse = await startChdbServer();
    server.client = server.connect();
    await server.client.command({ query: 'CREATE DATABASE w' });
    await server.client.command({
      query: 'CREATE TABLE w.t (a UInt32, b String) ENGINE = MergeTree ORDER BY a',
    });
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await server.clickHouse.remove();
  });
  return server;
}
