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

describe('ClickHouse migrations on one node', () => {
  it('do not change tables or lose rows when they run again', async () => {
    const before = await schema();
    await table.store.insert(table.store.encode([sessionEvent()]));
    await migrateClickHouse(table.client, sqlFiles, single);
    await migrateClickHouse(table.client, sqlFiles, single);
    expect(await schema()).toEqual(before);
    expect(await table.text('SELECT count() FROM watmeter.session_events')).toBe('1\n');
    expect(
      await table.text('SELECT name, count() FROM watmeter.schema_migrations GROUP BY name ORDER BY name'),
    ).toBe(sqlFiles.map(({ name }) => `${name}\t1\n`).join(''));
  });

  it('rerun a file that is not recorded, for example after a crash', async () => {
    const before = await schema();
    await table.client.command({ query: 'TRUNCATE TABLE watmeter.schema_migrations' });
    await migrateClickHouse(table.client, sqlFiles, single);
    expect(await schema()).toEqual(before);
    expect(await table.text('SELECT count() FROM watmeter.session_events')).toBe('1\n');
  });

  it('create tables that sync every part and its directory before an insert is acknowledged', async () => {
    const tables = (await schema()).filter(({ engine }) => engine !== 'View');
    expect(tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['dead_letters', 'schema_migrations', 'session_events']),
    );
    for (const { create_table_query } of tables) {
      expect(create_table_query).toMatch(/fsync_after_insert = 1/);
      expect(create_table_query).toMatch(/fsync_part_directory = 1/);
    }
  });

  it('are rendered without comments and placeholders', () => {
    const statements = sqlFiles.flatMap((file) => file.statements);
    expect(statements).not.toEqual([]);
    for (const statement of statements) {
      expect(statement).toMatch(/^(CREATE|ALTER|INSERT|SYSTEM)\b/);
      expect(renderStatement(statement, single)).not.toMatch(
        /\{on_cluster\}|\{database\}|\{engine:|Replicated|ON CLUSTER/,
      );
    }
  });
});

describe('ClickHouse migrations on a cluster', () => {
  const cluster = { database: 'meters', cluster: '{cluster}' };

  /** Renders the statements for a cluster. These tests have no cluster, because chdb has no Keeper. */
  async function statementsForCluster(): Promise<string[]> {
    const statements: string[] = [];
    const client = {
      command: async ({ query }: { query: string }) => statements.push(query),
      query: async () => ({ json: async () => [] }),
    };
    await migrateClickHouse(client as unknown as ClickHouseClient, sqlFiles, cluster);
    return statements;
  }

  it('create the same tables as on one node, replicated on every node', async () => {
    const created = (await statementsForCluster()).filter((statement) => statement.startsWith('CREATE'));
    expect(created.length).toBeGreaterThanOrEqual(4);
    for (const statement of created)
      expect(statement).toMatch(/^CREATE \w+ IF NOT EXISTS meters(\.\w+)?\s+ON CLUSTER '\{cluster\}'/);
  });

  it('leave the replica path and name to the server, and pass other engine arguments unchanged', async () => {
    const tables = (await statementsForCluster()).filter((statement) => statement.startsWith('CREATE TABLE'));
    const engines = tables.map((statement) => [
      /meters\.(\w+)/.exec(statement)?.[1],
      /ENGINE = ([^\n]*?)\s*(?:ORDER|PARTITION|SETTINGS|$)/m.exec(statement)?.[1],
    ]);
    expect(Object.fromEntries(engines)).toMatchObject({
      schema_migrations: 'ReplicatedMergeTree',
      session_events: 'ReplicatedMergeTree',
      dead_letters: 'ReplicatedReplacingMergeTree(age)',
    });
    for (const [table, engine] of engines)
      expect([table, engine]).toEqual([
        table,
        expect.stringMatching(/^Replicated(Replacing)?MergeTree(\(\w+\))?$/),
      ]);
  });

  // A projection would continue to count the replaced rows.
  it('do not create projections on tables that replace rows', async () => {
    for (const statement of await statementsForCluster())
      if (statement.includes('ReplacingMergeTree')) expect(statement).not.toMatch(/\bPROJECTION\b/);
  });

  it('contain only statements that ClickHouse parses', async () => {
    for (const statement of await statementsForCluster())
      await expect(table.text(`EXPLAIN AST ${statement}`)).resolves.toBeTruthy();
  });

  it('create the same columns as on one node', async () => {
    const local = (statement: string) =>
      statement.replace("ON CLUSTER '{cluster}'", '').replace(/\bReplicated(?=\w)/g, '');
    for (const statement of await statementsForCluster())
      await table.client.command({ query: local(statement) });
    const columns = (database: string) =>
      table.text(
        `SELECT table, name, type, default_expression FROM system.columns WHERE database = '${database}' ORDER BY table, position`,
      );
    expect(await columns('meters')).toBe(await columns('watmeter'));
  });
});
