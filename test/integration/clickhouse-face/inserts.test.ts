import { Readable } from 'node:stream';
import { createClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ClickHouseFace, startClickHouseFace } from '../../support/clickhouse-face/face.ts';

let face: ClickHouseFace;
const connect = (options: object = {}) =>
  createClient({ url: face.url, username: face.user, password: face.password, ...options });

beforeAll(async () => {
  face = await startClickHouseFace();
  const client = connect();
  await client.command({ query: 'CREATE DATABASE w' });
  await client.command({ query: 'CREATE TABLE w.t (a UInt32, b String) ENGINE = MergeTree ORDER BY a' });
  await client.close();
});
afterAll(() => face.remove());

async function count(): Promise<string> {
  const client = connect();
  const result = await client.query({ query: 'SELECT count() FROM w.t', format: 'TabSeparated' });
  await client.close();
  return (await result.text()).trim();
}

it('stores what an insert sends and says how many rows', async () => {
  const client = connect({ database: 'w' });
  const { summary } = await client.insert({
    table: 't',
    values: [
      { a: 1, b: 'x' },
      { a: 2, b: "it's" },
    ],
    format: 'JSONEachRow',
  });
  expect(summary?.written_rows).toBe('2');
  const result = await client.query({
    query: 'SELECT * FROM t WHERE b = {b: String}',
    query_params: { b: "it's" },
    format: 'JSONEachRow',
  });
  expect(await result.json()).toEqual([{ a: 2, b: "it's" }]);
  await client.close();
});

it('tells the rows that INSERT SELECT FROM input really wrote', async () => {
  for (const compression of [
    { request: false, response: false },
    { request: true, response: true },
  ]) {
    const client = connect({ compression });
    const before = Number(await count());
    const { summary, stream } = await client.exec({
      query:
        "INSERT INTO w.t (a, b) SETTINGS async_insert = 0 SELECT a, b FROM input('a UInt32, b String') WHERE a > {least: UInt32} FORMAT JSONCompactEachRow",
      query_params: { least: 10 },
      values: Readable.from(['[9,"no"]\n[10,"no"]\n', '[11,"yes"]\n[12,"yes"]\n[13,"yes"]'], {
        objectMode: false,
      }),
    });
    stream.resume();
    expect(summary?.written_rows).toBe('3');
    expect(Number(await count())).toBe(before + 3);
    await client.close();
  }
});
