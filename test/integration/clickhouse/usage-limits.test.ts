import { beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddedStreams, createServerStreams } from '../../../src/platform/clickhouse/client.ts';
import { createQueryPool } from '../../../src/platform/clickhouse/pool.ts';
import { eachOrUnavailable, orUnavailable } from '../../../src/usage/query/clickhouse-usage-store.ts';
import { engines, useEventTable } from './event-table.ts';

const slow = 'SELECT count() FROM numbers(1000000000000) WHERE NOT ignore(sipHash64(number))';
const large = 'SELECT length(groupArray(number)) FROM numbers(100000000)';

describe.each(engines)('a ClickHouse query %s', (engine) => {
  const table = useEventTable(engine);
  let pool: ReturnType<typeof createQueryPool>;
  let impatient: typeof pool;
  beforeAll(() => {
    const streams =
      engine === 'in this process'
        ? createEmbeddedStreams(table.directory)
        : createServerStreams(table.client);
    const limits = { queryTimeoutMs: 30_000, queryMemoryBytes: 32 * 1024 ** 2 };
    pool = createQueryPool([table.client], streams, limits);
    impatient = createQueryPool([table.client], streams, { queryTimeoutMs: 300 });
  });

  it('fails with query_timeout if it takes too long', async () => {
    const failure = orUnavailable(impatient.rows(slow, {}));
    await expect(failure).rejects.toMatchObject({ code: 'query_timeout', kind: 'unavailable' });
  });

  it('fails with query_too_large if it needs too much memory, also if its result is streamed', async () => {
    await expect(orUnavailable(pool.rows(large, {}))).rejects.toMatchObject({
      ...{ code: 'query_too_large', kind: 'meaning' },
    });
    const read = async () => {
      for await (const chunk of eachOrUnavailable(pool.stream(large, {}, 'JSONEachRow')))
        expect(chunk).toBeDefined();
    };
    await expect(read()).rejects.toMatchObject({ code: 'query_too_large' });
  });

  it('fails with usage_unavailable for any other error, and the next query succeeds', async () => {
    await expect(orUnavailable(pool.rows('SELECT no_column', {}))).rejects.toMatchObject({
      code: 'usage_unavailable',
    });
    expect(await pool.rows<{ one: number }>('SELECT 1 AS one', {})).toEqual([{ one: 1 }]);
  });
});
