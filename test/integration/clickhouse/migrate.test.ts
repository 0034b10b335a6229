import { describe, expect, it } from 'vitest';
import type { ClickHouseClient } from '../../../src/platform/clickhouse/client.ts';
import { migrateClickHouse, renderStatement } from '../../../src/platform/clickhouse/migrate.ts';
import { sessionEvent } from '../../support/arbitrary-events.ts';
import { sqlFiles, useEventTable } from './event-table.ts';

const table = useEventTable();
const single = { cluster: undefined };

const schema = () =>
  table.rows<{ name: string; engine: string; create_table_query: string }>(
    'SELECT name, engine, create_table_query FROM system.tables WHERE database = currentDatabase() ORDER BY name',
  );

describe('on one node', () => {
  it('is repeatable: nothing changes, nothing is lost', async () => {
    const before = await schema();
    await table.store.insert(table.store.encode([sessionEvent()]));
    await migrateClickHouse(table.client, sqlFiles, single);
    await migrateClickHouse(table.client, sqlFiles, single);
    expect(await schema()).toEqual(before);
    expect(await table.text('SELECT count() FROM watmeter.session_events')).toBe('1\n');
    expect(await table.text('SELECT name, count() FROM watmeter.schema_migrations GROUP BY name')).toBe(
      sqlFiles.map(({ name }) => `${name}\t1\n`).join(''),
    );
  });

  it('does a file again whose line is missing after a crash', async () => {
    const before = await schema();
    await table.client.command({ query: 'TRUNCATE TABLE watmeter.schema_migrations' });
    await migrateClickHouse(table.client, sqlFiles, single);
    expect(await schema()).toEqual(before);
    expect(await table.text('SELECT count() FROM watmeter.session_events')).toBe('1\n');
  });

  it('syncs every part and its directory before an insert is answered', async () => {
    const tables = await schema();
    expect(tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['dead_letters', 'schema_migrations', 'session_events']),
    );
    for (const { create_table_query } of tables) {
      expect(create_table_query).toMatch(/fsync_after_insert = 1/);
      expect(create_table_query).toMatch(/fsync_part_directory = 1/);
    }
  });

  it('leaves no statement behind a comment, and no placeholder', () => {
    const statements = sqlFiles.flatMap((file) => file.statements);
    expect(statements).not.toEqual([]);
    for (const statement of statements) {
      expect(statement).toMatch(/^(CREATE|ALTER|INSERT|SYSTEM)\b/);
      expect(renderStatement(statement, single)).not.toMatch(
        /\{on_cluster\}|\{engine:|Replicated|ON CLUSTER/,
      );
    }
  });
});

describe('on a cluster', () => {
  /** What would be sent to a cluster, which these tests do not have. */
  async function sent(): Promise<string[]> {
    const statements: string[] = [];
    const client = {
      command: async ({ query }: { query: string }) => statements.push(query),
      query: async () => ({ json: async () => [] }),
    };
    await migrateClickHouse(client as unknown as ClickHouseClient, sqlFiles, { cluster: 'meters' });
    return statements;
  }

  it('makes the same tables on every node, replicated, from the same files', async () => {
    const created = (await sent()).filter((statement) => statement.startsWith('CREATE'));
    expect(created.length).toBeGreaterThanOrEqual(4);
    for (const statement of created) expect(statement).toMatch(/\bON CLUSTER 'meters'/);
    const tables = created.filter((statement) => statement.startsWith('CREATE TABLE'));
    for (const statement of tables) expect(statement).toMatch(/ENGINE = Replicated\w*MergeTree\b/);
    expect(tables.join('\n')).toMatch(/watmeter\.dead_letters [^;]*ENGINE = ReplicatedReplacingMergeTree/);
  });

  it('says it in words that ClickHouse understands', async () => {
    for (const statement of await sent())
      await expect(table.text(`EXPLAIN AST ${statement}`)).resolves.toBeTruthy();
  });
});
