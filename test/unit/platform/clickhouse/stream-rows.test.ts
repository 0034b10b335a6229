import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withValues } from '../../../../src/platform/clickhouse/literals.ts';
import { streamRows } from '../../../../src/platform/clickhouse/stream-rows.ts';

async function* chunksOf(text: string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const data = Buffer.from(text);
  let at = 0;
  for (const size of sizes) {
    yield data.subarray(at, at + size);
    at += size;
  }
  yield data.subarray(at);
}

async function read(text: string, sizes: readonly number[] = []): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const batch of streamRows(chunksOf(text, sizes))) rows.push(...batch);
  return rows;
}

describe('rows of a streamed result', () => {
  it('do not depend on chunk boundaries', async () => {
    const anyRow = fc.record({ a: fc.string({ unit: 'grapheme' }), n: fc.integer() });
    const anySizes = fc.array(fc.integer({ min: 0, max: 30 }));
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow), anySizes, async (rows, sizes) => {
        expect(await read(rows.map((row) => `${JSON.stringify(row)}\n`).join(''), sizes)).toEqual(rows);
      }),
    );
  });

  it('are returned in batches of about 64 KiB, even if a chunk or a line is larger', async () => {
    const rows = [...Array(5000).keys()].map((n) => ({ n, text: 'x'.repeat(n % 100 === 0 ? 100_000 : 10) }));
    const sizes: number[] = [];
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    for await (const batch of streamRows(chunksOf(text, []))) sizes.push(JSON.stringify(batch).length);
    expect(Math.max(...sizes)).toBeLessThan(170_000);
    expect(await read(text)).toEqual(rows);
  });

  it.each([
    '{"a":1}\n{"a":',
    '{"a":1}\n{"exception":"Code: 241"}\n',
    '{"a":1}\nCode: 241. DB::Exception: tag\n',
  ])('end with an error if the result is %j', async (text) => {
    await expect(read(text)).rejects.toThrow('the statement failed after its first rows');
  });
});

describe('withValues', () => {
  it('replaces parameters with literals of their types', () => {
    const sql = 'SELECT {text: String}, {list: Array(String)}, {n:UInt64}';
    expect(withValues(sql, { text: "it's \\ {n:UInt64}", list: ['a', "'"], n: 5 })).toBe(
      "SELECT CAST('it\\'s \\\\ {n:UInt64}', 'String'), CAST(['a', '\\''], 'Array(String)'), CAST(5, 'UInt64')",
    );
    expect(() => withValues('SELECT {missing: String}', {})).toThrow(/missing/);
  });
});
