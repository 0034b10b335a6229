import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { useChdbServer } from './chdb-client.ts';

const server = useChdbServer();
const fromInput =
  "INSERT INTO w.t (a, b) SETTINGS async_insert = 0 SELECT a, b FROM input('a UInt32, b String') " +
  'WHERE a > {least: UInt32} FORMAT JSONCompactEachRow';

it('an insert on the chdb server stores its rows and reports the number of written rows', async () => {
  const client = server.connect({ database: 'w' });
  const values = [
    { a: 1, b: 'x' },
    { a: 2, b: "it's \\ a\ttab" },
  ];
  const { summary, query_id } = await client.insert({
    table: 't',
    values,
    format: 'JSONEachRow',
    query_id: 'q1',
  });
  expect([summary?.written_rows, query_id]).toEqual(['2', 'q1']);

  const query = 'SELECT * FROM t WHERE b = {b: String}';
  const result = await client.query({ query, query_params: { b: "it's \\ a\ttab" }, format: 'JSONEachRow' });
  expect(await result.json()).toEqual([values[1]]);
});

it.each([
  { request: false, response: false },
  { request: true, response: true },
])(
  'INSERT SELECT FROM input reports the number of rows that it wrote, not that it read (compression %o)',
  async (compression) => {
    const client = server.connect({ compression });
    const before = Number(await server.value('SELECT count() FROM w.t'));
    const { summary, stream } = await client.exec({
      query: fromInput,
      query_params: { least: 10 },
      values: Readable.from(['[9,"no"]\n[10,"no"]\n', '[11,"yes"]\n[12,"yes"]\n[13,"yes"]'], {
        objectMode: false,
      }),
    });
    stream.resume();
    expect(summary?.written_rows).toBe('3');
    expect(Number(await server.value('SELECT count() FROM w.t'))).toBe(before + 3);
  },
);

it('each of several concurrent inserts reports only its own rows', async () => {
  const client = server.connect({ max_open_connections: 8 });
  const written = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const rows = Array.from({ length: 20 }, (__, n) => `[${n + 1},"many"]`).join('\n');
      const { summary, stream } = await client.exec({
        query: fromInput,
        query_params: { least: index },
        values: Readable.from([rows], { objectMode: false }),
      });
      stream.resume();
      return Number(summary?.written_rows);
    }),
  );
  expect(written).toEqual(Array.from({ length: 12 }, (_, index) => 20 - index));
  expect(await server.value("SELECT count() FROM w.t WHERE b = 'many'")).toBe(String(12 * 20 - 66));
});

it('an insert with a body of 20 MB is stored as one part', async () => {
  await server.client.command({
    query: 'CREATE TABLE w.big (a UInt32, b String) ENGINE = MergeTree ORDER BY a',
  });
  const { summary, stream } = await server.client.exec({
    query:
      'INSERT INTO w.big SETTINGS async_insert = 0, max_insert_threads = 1, input_format_parallel_parsing = 0, ' +
      'min_insert_block_size_rows = 1048576, min_insert_block_size_bytes = 1073741824 ' +
      "SELECT a, b FROM input('a UInt32, b String') WHERE a > 0 FORMAT JSONCompactEachRow",
    values: Readable.from(
      Array.from({ length: 100 }, (_, n) => `[${n},"${'y'.repeat(1000)}"]\n`.repeat(200)),
      { objectMode: false },
    ),
  });
  stream.resume();
  expect(summary?.written_rows).toBe('19800');
  expect(
    await server.value("SELECT sum(rows), count() FROM system.parts WHERE table = 'big' AND active"),
  ).toBe('19800\t1');
});

it('an insert with an empty body reports zero rows', async () => {
  const { summary, stream } = await server.client.exec({
    query: fromInput,
    query_params: { least: 0 },
    values: Readable.from([], { objectMode: false }),
  });
  stream.resume();
  expect(summary?.written_rows).toBe('0');
});

it('an insert that fails before its large body is read still returns the error code', async () => {
  const insert = (query: string) =>
    server.connect({ compression: { request: true } }).exec({
      query,
      values: Readable.from(
        Array.from({ length: 50 }, (_, n) => `[${n},"${Math.random()}"]\n`.repeat(5000)),
        { objectMode: false },
      ),
    });
  const select =
    "SELECT a, b FROM input('a UInt32, b String') WHERE throwIf(a = 0) = 0 FORMAT JSONCompactEachRow";
  await expect(insert(`INSERT INTO w.nope ${select}`)).rejects.toMatchObject({ code: '60' });
  await expect(insert(`INSERT INTO w.t ${select}`)).rejects.toMatchObject({ code: '395' });
  await server.clickHouse.orderFault({
    kind: 'refuse',
    code: 241,
    name: 'MEMORY_LIMIT_EXCEEDED',
    message: 'Too much.',
  });
  await expect(insert(`INSERT INTO w.t ${select}`)).rejects.toMatchObject({ code: '241' });
});

it.each([true, false])(
  'an insert whose condition drops all rows of a large body still gets a response (compressed: %s)',
  async (request) => {
    const client = server.connect({ compression: { request }, max_open_connections: 1 });
    const body = Array.from({ length: 50 }, () => `[1,"${Math.random()}"]\n`.repeat(5000));
    for (let n = 0; n < 3; n++) {
      const { summary, stream } = await client.exec({
        query:
          "INSERT INTO w.t SELECT a, b FROM input('a UInt32, b String') WHERE (SELECT 0) = 1 FORMAT JSONCompactEachRow",
        values: Readable.from(body, { objectMode: false }),
      });
      stream.resume();
      expect(summary?.written_rows).toBe('0');
    }
  },
);
