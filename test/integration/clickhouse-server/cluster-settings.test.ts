import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { openClickHouse } from '../../../src/app/stores/clickhouse.ts';
import { clusterSettings } from '../../../src/platform/clickhouse/cluster-settings.ts';
import { noFailpoints } from '../../../src/platform/failpoints.ts';
import { sessionEvent } from '../../support/arbitrary-events.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { useEventTable } from '../clickhouse/event-table.ts';

const table = useEventTable();

/**
 * Returns a function that responds to queries like a cluster in which an older insert is still running. The partition
 * belongs to the process that claimed it last.
 */
function createAnswers(): (query: string) => string {
  let owner = '';
  let running = 1;
  return (query) => {
    owner = /INSERT INTO partition_owners[^']*'([^']+)'/.exec(query)?.[1] ?? owner;
    if (/AS owner\s/.test(query)) return `${JSON.stringify({ owner })}\n`;
    if (query.includes('system.processes')) return running-- > 0 ? '{"query_id":"older"}\n' : '';
    return '';
  };
}

/** Starts an HTTP server that records every query and its settings. */
async function startRecorder() {
  const answer = createAnswers();
  const queries: { query: string; settings: URLSearchParams }[] = [];
  const server = createServer(async (request, response) => {
    const settings = new URL(request.url ?? '', 'http://recorder').searchParams;
    const isCompressed = request.headers['content-encoding'] === 'gzip';
    const body = await text(isCompressed ? request.pipe(createGunzip()) : request);
    const query = settings.get('query') ?? body;
    queries.push({ query, settings });
    response.setHeader('X-ClickHouse-Summary', '{"written_rows":"1"}').end(answer(query));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { queries, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it('the sink sends quorum and sequential-read settings with every statement on a cluster', async () => {
  const { queries, url } = await startRecorder();
  const clickHouse = await openClickHouse(
    {
      dataDir: temporaryDirectory('cluster'),
      queryTimeout: 1000,
      queryMemory: 2 * 1024 ** 3,
      clickhouseUrl: url,
      clickhouseUser: 'u',
      clickhousePassword: 'p',
      clickhouseDatabase: 'meters',
      clickhouseCaFile: undefined,
      clickhouseCluster: 'one',
    },
    { clock: { nowMs: () => 0 }, failpoint: noFailpoints },
  );
  const store = clickHouse.eventStore(0);
  await store.readState();
  await store.insert(store.encode([sessionEvent({ partition: 0 })]));
  await clickHouse.close();

  expect(queries.length).toBeGreaterThan(5);
  for (const { settings } of queries)
    expect(Object.fromEntries(settings)).toMatchObject({
      insert_quorum: 'auto',
      insert_quorum_parallel: '0',
      select_sequential_consistency: '1',
      insert_deduplicate: '0',
    });
  expect(queries.find(({ query }) => query.startsWith('KILL'))?.query).toMatch(
    /^KILL QUERY ON CLUSTER 'one' WHERE/,
  );
  expect(queries.find(({ query }) => query.includes('system.processes'))?.query).toContain(
    "clusterAllReplicas('one'",
  );
  const insert = queries.find(({ query }) => query.startsWith('INSERT INTO session_events'));
  expect(insert?.settings.get('query_id')).toMatch(/^watmeter-sink-0-/);
  expect(insert?.settings.get('database')).toBe('meters');
});

it('ClickHouse accepts every cluster setting', async () => {
  const settings = Object.entries(clusterSettings).map(([name, value]) => `${name} = '${value}'`);
  expect(await table.text(`SELECT 1 SETTINGS ${settings.join(', ')}`)).toBe('1\n');
});
