import { PassThrough } from 'node:stream';
import { expect, it, onTestFinished, vi } from 'vitest';
import { useFace } from './face-client.ts';

const used = useFace();

const fenced =
  "INSERT INTO w.t (a, b) SETTINGS async_insert = 0 SELECT a, b FROM input('a UInt32, b String') " +
  'WHERE (SELECT max(epoch) FROM w.owners) = {epoch: UInt32} FORMAT JSONCompactEachRow';

/** An insert whose sender stops in the middle of its body. */
function beginInsert(query_id: string, epoch: number) {
  const body = new PassThrough();
  const abort = new AbortController();
  const outcome = used
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
const untilRunning = (ids: string) =>
  vi.waitFor(async () => expect(await used.value(runningIds)).toBe(ids), { timeout: 5000 });
const stored = (id: string) => used.value(`SELECT count() FROM w.t WHERE b = '${id}'`);

async function setEpoch(epoch: number): Promise<void> {
  await used.client.command({
    query: 'CREATE TABLE IF NOT EXISTS w.owners (epoch UInt32) ENGINE = MergeTree ORDER BY epoch',
  });
  await used.client.command({ query: `INSERT INTO w.owners VALUES (${epoch})` });
}

it('shows an insert whose body has not ended, and kills it by its id', async () => {
  await setEpoch(1);
  const frozen = beginInsert('p7-frozen', 1);
  const other = beginInsert('other', 1);
  await untilRunning("['p7-frozen']");

  const kill = "KILL QUERY WHERE query_id LIKE 'p7-%' SYNC";
  const killed = await used.client.query({ query: kill, format: 'JSONEachRow' });
  expect(await killed.json()).toMatchObject([{ query_id: 'p7-frozen', kill_status: 'finished' }]);
  await untilRunning('[]');
  expect(await frozen.outcome).toBe('394');
  expect(await stored('p7-frozen')).toBe('0');

  other.body.end('[2,"other"]');
  expect(await other.outcome).toBe('2');
});

it('judges a fence when the insert begins, not when its body comes: as a server does', async () => {
  await setEpoch(10);
  const stale = beginInsert('p7-stale', 10);
  await untilRunning("['p7-stale']");
  // Registered comes before judged: an insert of nothing goes all the way, so the judgement before it is made.
  await new Promise((resolve) => setTimeout(resolve, 300));
  await setEpoch(11);
  stale.body.end();
  expect(await stale.outcome).toBe('1');
  const late = beginInsert('p7-late', 10);
  late.body.end();
  expect(await late.outcome).toBe('0');
});

it('waits with SYNC for a query that is being executed', async () => {
  const query = 'SELECT sleepEachRow(1.5) FROM numbers(1)';
  const slow = used
    .connect()
    .query({ query, query_id: 'p7-slow', format: 'JSONEachRow' })
    .catch((error) => error.code);
  await untilRunning("['p7-slow']");
  await used.client.command({ query: "KILL QUERY WHERE query_id = 'p7-slow' SYNC" });
  expect(await used.value(runningIds)).toBe('[]');
  await slow;
});

it('stores nothing of a body that is cut', async () => {
  await setEpoch(20);
  const cut = beginInsert('p7-cut', 20);
  await untilRunning("['p7-cut']");
  cut.abort.abort();
  await cut.outcome;
  await untilRunning('[]');
  expect(await stored('p7-cut')).toBe('0');
});

it('refuses a second query with the same id', async () => {
  await setEpoch(30);
  const first = beginInsert('p7-twice', 30);
  await untilRunning("['p7-twice']");
  await expect(used.client.command({ query: 'SELECT 1', query_id: 'p7-twice' })).rejects.toMatchObject({
    code: '216',
  });
  first.body.end();
  expect(await first.outcome).toBe('1');
});
