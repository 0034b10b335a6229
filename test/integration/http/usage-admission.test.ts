import { expect, it } from 'vitest';
import { addApiToken, useInstance } from './support/instance.ts';

const instance = useInstance({ QUERY_CONCURRENCY: '2', QUERY_QUEUE: '3', SLOW_QUERY: '1ms' });
const path = '/api/v1/usage/summary';
const count = 30;

it('usage requests that can neither run nor wait get 429 with Retry-After, all others succeed, and a request of another token succeeds', async () => {
  await instance().session(await instance().configuration());
  await instance().settled();
  const light = await addApiToken(instance(), { scopes: ['usage:read'] });
  const heavy = Array.from({ length: count }, () => instance().get(path));
  const other = await instance().get(`${path}?tag=secret-tag`, light.headers);
  expect(other.status).toBe(200);
  const answers = await Promise.all(heavy);
  const refused = answers.filter(({ status }) => status === 429);
  const answered = answers.filter(({ status }) => status === 200);
  expect([refused.length + answered.length, refused.length > 0, answered.length > 0]).toEqual([
    ...[count, true, true],
  ]);
  for (const { headers, body } of refused)
    expect([headers.get('retry-after'), body['code']]).toEqual(['5', 'usage_busy']);
  expect((await instance().get(path)).status).toBe(200);

  // The log contains the parameter names of a slow query, but no values.
  const slow = instance()
    .app.output()
    .split('\n')
    .filter((line) => line.includes('a slow usage query'));
  expect(slow.some((line) => line.includes(`"endpoint":"${path}"`) && line.includes('"tag"'))).toBe(true);
  expect(slow.join('')).not.toContain('secret-tag');

  const { text } = await instance().get('/metrics', {});
  const errors = `watmeter_usage_query_errors_total{endpoint="${path}",code="usage_busy"} ${refused.length}`;
  expect(text).toContain(errors);
  expect(text).toMatch(new RegExp(`watmeter_usage_query_seconds_count\\{endpoint="${path}"\\} \\d+`));
  expect(text).toContain('watmeter_usage_queries{state="running"} 0');
  expect(text).toContain('watmeter_usage_queries{state="waiting"} 0');
});
