import { join } from 'node:path';
import { createEmbeddedClickHouse, database } from '../../src/platform/clickhouse/client.ts';
import { migrateClickHouse } from '../../src/platform/clickhouse/migrate.ts';
import { readSqlFiles } from '../../src/platform/files/sql-files.ts';
import { projectRoot } from '../support/processes.ts';

/** Time and CPU time that storing took, and what the table then contains. */
export interface StoringResult {
  readonly ms: number;
  readonly cpuMs: number;
  readonly rows: number;
  readonly sessions: number;
  readonly parts: number;
}

/** Opens an empty embedded ClickHouse with watmeter's schema. */
export async function openFreshStore(directory: string) {
  const client = createEmbeddedClickHouse(directory);
  await migrateClickHouse(client, readSqlFiles(join(projectRoot, 'sql', 'clickhouse')), {
    cluster: undefined,
  });
  return client;
}

/** Measures how long `work` takes to store rows, and prints the result to standard output. */
export async function measureStoring(
  client: Awaited<ReturnType<typeof openFreshStore>>,
  work: () => Promise<void>,
): Promise<void> {
  const before = process.cpuUsage();
  const startedMs = performance.now();
  await work();
  const ms = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(before);
  const answer = await client.query({
    query: `SELECT count() AS rows, uniqExact(session_id) AS sessions, uniqExact(_part) AS parts
            FROM ${database}.session_events`,
    format: 'JSONEachRow',
  });
  const [stored] = await answer.json<Record<'rows' | 'sessions' | 'parts', string>>();
  const result: StoringResult = {
    ms,
    cpuMs: (user + system) / 1000,
    rows: Number(stored?.rows),
    sessions: Number(stored?.sessions),
    parts: Number(stored?.parts),
  };
  process.stdout.write(JSON.stringify(result));
}
