import { expect, it } from 'vitest';
import { useFace } from './face-client.ts';

const used = useFace();

it('answers a ping without a user', async () => {
  expect(await (await fetch(`${used.face.url}/ping`)).text()).toBe('Ok.\n');
  expect(await used.client.ping()).toMatchObject({ success: true });
});

it('refuses a wrong password with 403 and code 516', async () => {
  const wrong = used.connect({ password: 'wrong' });
  await expect(wrong.query({ query: 'SELECT 1' })).rejects.toMatchObject({
    code: '516',
    type: 'AUTHENTICATION_FAILED',
  });
  const headers = { 'X-ClickHouse-User': used.face.user, 'X-ClickHouse-Key': 'wrong' };
  const response = await fetch(`${used.face.url}/?query=SELECT%201`, { headers });
  expect([response.status, response.headers.get('x-clickhouse-exception-code')]).toEqual([403, '516']);
  const right = { ...headers, 'X-ClickHouse-Key': used.face.password };
  expect(await (await fetch(`${used.face.url}/?query=SELECT%201`, { headers: right })).text()).toBe('1\n');
});

it.each([
  ['SELEC 1', '62', 'SYNTAX_ERROR'],
  ['SELECT * FROM w.nope', '60', 'UNKNOWN_TABLE'],
  ['SELECT throwIf(1)', '395', 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO'],
  ['SELECT 1 SETTINGS no_such_setting = 1', '115', 'UNKNOWN_SETTING'],
])('answers %s with the code of ClickHouse', async (query, code, type) => {
  await expect(used.client.query({ query })).rejects.toMatchObject({ code, type });
});

it('keeps settings and parameters to their own request', async () => {
  const threads = "SELECT getSetting('max_threads') AS threads";
  const usual = await used.value(threads);
  const query = { query: threads, format: 'JSONEachRow', clickhouse_settings: { max_threads: 7 } } as const;
  expect(await (await used.client.query(query)).json()).toEqual([{ threads: 7 }]);
  expect(await used.value(threads)).toBe(usual);
  await expect(used.value('SELECT {gone: String}')).rejects.toMatchObject({ code: '456' });
});

it.each([false, true])('binds parameters of any kind (in a form: %s)', async (use_multipart_params) => {
  const long = Array.from({ length: 2000 }, (_, n) => `tag '${n}' \\ "ü"\n`);
  const query =
    'SELECT {list: Array(String)} AS list, {none: Nullable(String)} AS none, {at: DateTime} AS at';
  const query_params = { list: long, none: null, at: 1_795_250_632 };
  const result = await used.client.query({
    query,
    query_params,
    format: 'JSONEachRow',
    use_multipart_params,
  });
  expect(await result.json()).toEqual([{ list: long, none: null, at: '2026-11-21 08:43:52' }]);
});

it('compresses answers when asked', async () => {
  const client = used.connect({ compression: { response: true } });
  const result = await client.query({ query: 'SELECT number FROM numbers(100000)', format: 'JSONEachRow' });
  expect(result.response_headers['content-encoding']).toBe('gzip');
  expect(await result.json()).toHaveLength(100_000);
});

it('says the id of the query', async () => {
  const result = await used.client.query({ query: 'SELECT 1', query_id: 'mine' });
  expect([result.query_id, result.response_headers['x-clickhouse-query-id']]).toEqual(['mine', 'mine']);
});
