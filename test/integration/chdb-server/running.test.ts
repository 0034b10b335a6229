import { PassThrough } from 'node:stream';
import { expect, it, onTestFinished, vi } from 'vitest';
import { useChdbServer } from './chdb-client.ts';

const server = useChdbServer();

const fenced =
  "INSERT INTO w.t (a, b) SETTINGS async_insert = 0 SELECT a, b FROM input('a UInt32, b String') " +
  'WHERE (SELECT max(epoch) FROM w.owners) = {epoch: UInt32} FORMAT JSONCompactEachRow';

/** Starts an insert whose client pauses in the middle of the body. */
function beginInsert(query_id: string, epoch: number) {
  const body = new PassThrough();
  const abort = new AbortController();
  const outcome = server
    .connect()
    .exec({ query: fenced, query_params: { epoch }, query_id, values: body, abort_signal: abort.signal })
    .then(({ summary, stream }) => {
      stream.resume();
      return summary?.written_rows;
    })
    .catch((error) => error.code ?? error.message);
  body.write(`[1,"${query_id}"]\n`);
  onTestFinished(() => void body.end());
  return { body, abort, outcome };
}

const runningIds = "SELECT groupArray(query_id) FROM system.processes WHERE query_id LIKE 'p7-%'";
const waitUntilRunning = (ids: string) =>
  vi.waitFor(async () => expect(await server.value(runningIds)).toBe(ids), { timeout: 5000 });
const countStored = (id: string) => server.value(`SELECT count() FROM w.t WHERE b = '${id}'`);

async function setEpoch(epoch: number): Promise<void> {
  await server.client.command({
    query: 'CREATE TABLE IF NOT EXISTS w.owners (epoch UInt32) ENGINE = MergeTree ORDER BY epoch',
  });
  await server.client.command({ query: `INSERT INTO w.owners VALUES (${epoch})` });
}

it('KILL QUERY with a query id cancels an insert whose body is incomplete, and none of its rows is stored', async () => {
  await setEpoch(1);
  const frozen = beginInsert('p7-frozen', 1);
  const unaffected = beginInsert('other', 1);
  await waitUntilRunning("['p7-frozen']");

  const kill = "KILL QUERY WHERE query_id LIKE 'p7-%' SYNC";
  const killed = await server.client.query({ query: kill, format: 'JSONEachRow' });
  expect(await killed.json()).toMatchObject([{ query_id: 'p7-frozen', kill_status: 'finished' }]);
  await waitUntilRunning('[]');
  expect(await frozen.outcome).toBe('394');
  expect(await countStored('p7-frozen')).toBe('0');

  unaffected.body.end('[2,"other"]');
  expect(await unaffected.outcome).toBe('2');
});

it('the chdb server evaluates the fence of an insert when the insert starts, not when its body arrives, like a ClickHouse server', async () => {
  await setEpoch(10);
  const stale = beginInsert('p7-stale', 10);
  await waitUntilRunning("['p7-stale']");
  // The insert appears in system.processes before it evaluates the fence. The pause leaves enough time for that.
  await new Promise((resolve) => setTimeout(resolve, 300));
  await setEpoch(11);
  stale.body.end();
  expect(await stale.outcome).toBe('1');
  const late = beginInsert('p7-late', 10);
  late.body.end();
  expect(await late.outcome).toBe('0');
});

it('KILL QUERY with SYNC waits until the running query has ended', async () => {
  const query = 'SELECT sleepEachRow(1.5) FROM numbers(1)';
  const slow = server
    .connect()
    .query({ query, query_id: 'p7-slow', format: 'JSONEachRow' })
    .catch((error) => error.code);
  await waitUntilRunning("['p7-slow']");
  await server.client.command({ query: "KILL QUERY WHERE query_id = 'p7-slow' SYNC" });
  expect(await server.value(runningIds)).toBe('[]');
  await slow;
});

it('an insert does not store rows if its client disconnects before the end of the body', async () => {
  await setEpoch(20);
  const interrupted = beginInsert('p7-cut', 20);
  await waitUntilRunning("['p7-cut']");
  interrupted.abort.abort();
  await interrupted.outcome;
  await waitUntilRunning('[]');
  expect(await countStored('p7-cut')).toBe('0');
});

it('a second query with the id of a running query is rejected', async () => {
  await setEpoch(30);
  const first = beginInsert('p7-twice', 30);
  await waitUntilRunning("['p7-twice']");
  await expect(server.client.command({ query: 'SELECT 1', query_id: 'p7-twice' })).rejects.toMatchObject({
    code: '216',
  });
  first.body.end();
  expect(await first.outcome).toBe('1');
});
