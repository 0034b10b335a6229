import { expect, it } from 'vitest';
import { useChdbServer } from './chdb-client.ts';

const server = useChdbServer();

it('the chdb server responds to a ping without a user', async () => {
  expect(await (await fetch(`${server.clickHouse.url}/ping`)).text()).toBe('Ok.\n');
  expect(await server.client.ping()).toMatchObject({ success: true });
});

it('the chdb server rejects a wrong password with status 403 and code 516', async () => {
  const wrong = server.connect({ password: 'wrong' });
  await expect(wrong.query({ query: 'SELECT 1' })).rejects.toMatchObject({
    code: '516',
    type: 'AUTHENTICATION_FAILED',
  });
  const headers = { 'X-ClickHouse-User': server.clickHouse.user, 'X-ClickHouse-Key': 'wrong' };
  const response = await fetch(`${server.clickHouse.url}/?query=SELECT%201`, { headers });
  expect([response.status, response.headers.get('x-clickhouse-exception-code')]).toEqual([403, '516']);
  const right = { ...headers, 'X-ClickHouse-Key': server.clickHouse.password };
  expect(await (await fetch(`${server.clickHouse.url}/?query=SELECT%201`, { headers: right })).text()).toBe(
    '1\n',
  );
});

it.each([
  ['SELEC 1', '62', 'SYNTAX_ERROR'],
  ['SELECT * FROM w.nope', '60', 'UNKNOWN_TABLE'],
  ['SELECT throwIf(1)', '395', 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO'],
  ['SELECT 1 SETTINGS no_such_setting = 1', '115', 'UNKNOWN_SETTING'],
])('the chdb server responds to %s with ClickHouse error code %s', async (query, code, type) => {
  await expect(server.client.query({ query })).rejects.toMatchObject({ code, type });
});

it('on the chdb server, settings and parameters apply only to the request that sends them', async () => {
  const threads = "SELECT getSetting('max_threads') AS threads";
  const defaultThreads = await server.value(threads);
  const query = { query: threads, format: 'JSONEachRow', clickhouse_settings: { max_threads: 7 } } as const;
  expect(await (await server.client.query(query)).json()).toEqual([{ threads: 7 }]);
  expect(await server.value(threads)).toBe(defaultThreads);
  await expect(server.value('SELECT {gone: String}')).rejects.toMatchObject({ code: '456' });
});

it.each([false, true])(
  'the chdb server binds parameters of every type (sent as a multipart form: %s)',
  async (use_multipart_params) => {
    const long = Array.from({ length: 2000 }, (_, n) => `tag '${n}' \\ "ü"\n`);
    const query =
      'SELECT {list: Array(String)} AS list, {none: Nullable(String)} AS none, {at: DateTime} AS at';
    const query_params = { list: long, none: null, at: 1_795_250_632 };
    const result = await server.client.query({
      query,
      query_params,
      format: 'JSONEachRow',
      use_multipart_params,
    });
    expect(await result.json()).toEqual([{ list: long, none: null, at: '2026-11-21 08:43:52' }]);
  },
);

it('the chdb server compresses its response when the client accepts compression', async () => {
  const client = server.connect({ compression: { response: true } });
  const result = await client.query({ query: 'SELECT number FROM numbers(100000)', format: 'JSONEachRow' });
  expect(result.response_headers['content-encoding']).toBe('gzip');
  expect(await result.json()).toHaveLength(100_000);
});

it('the chdb server returns the id of the query', async () => {
  const result = await server.client.query({ query: 'SELECT 1', query_id: 'mine' });
  expect([result.query_id, result.response_headers['x-clickhouse-query-id']]).toEqual(['mine', 'mine']);
});
