import { describe, expect, it } from 'vitest';
import {
  createEmbeddedStreams,
  createServerStreams,
  type OpenStream,
} from '../../../src/platform/clickhouse/client.ts';
import { createQueryPool } from '../../../src/platform/clickhouse/pool.ts';
import { type Engine, engines, useEventTable } from './event-table.ts';

/**
 * The number of result rows: 200 MB in this process, and less over HTTP, because the test server keeps the whole chdb
 * result in memory.
 */
const rowCounts = { 'in this process': 3_000_000, 'on a server': 300_000 };

describe.each(engines)('a streamed result %s', (engine: Engine) => {
  const table = useEventTable(engine);

  function openPool() {
    const openStream: OpenStream =
      engine === 'in this process'
        ? createEmbeddedStreams(table.directory)
        : createServerStreams(table.client);
    return createQueryPool([table.client], openStream, { queryTimeoutMs: 60_000 });
  }

  it('arrives completely, in chunks and with constant memory, and its query can have parameters', async () => {
    const rows = rowCounts[engine];
    const sql = 'SELECT number, repeat({text: String}, 10) AS text FROM numbers({rows: UInt64})';
    const stream = openPool().stream(sql, { text: "it's\n", rows }, 'JSONCompactEachRow');
    let [lines, bytes, chunks, peak] = [0, 0, 0, 0];
    const before = process.memoryUsage().rss;
    for await (const chunk of stream) {
      chunks += 1;
      bytes += chunk.byteLength;
      lines += countLines(chunk);
      peak = Math.max(peak, process.memoryUsage().rss);
    }
    expect([lines, chunks > 10]).toEqual([rows, true]);
    expect(bytes).toBeGreaterThan(rows * 60);
    expect(peak - before).toBeLessThan(150_000_000);
  }, 60_000);

  it('ends when its reader stops reading, and the connection pool remains usable', async () => {
    const pool = openPool();
    for await (const _ of pool.stream('SELECT number FROM numbers(1000000)', {}, 'CSV')) break;
    expect(await pool.rows('SELECT 1 AS one', {})).toEqual([{ one: 1 }]);
  });

  it('fails before its first row if the statement is invalid', async () => {
    const read = async () => {
      for await (const _ of openPool().stream('SELECT missing FROM session_events', {}, 'CSV'));
    };
    await expect(read()).rejects.toThrow(/missing/);
  });
});

function countLines(chunk: Uint8Array): number {
  let lines = 0;
  for (let position = chunk.indexOf(10); position >= 0; position = chunk.indexOf(10, position + 1))
    lines += 1;
  return lines;
}
