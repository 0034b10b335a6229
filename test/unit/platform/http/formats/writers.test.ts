import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeCsv } from '../../../../../src/platform/http/formats/csv.ts';
import { writeJsonLines } from '../../../../../src/platform/http/formats/json-lines.ts';
import { batchesOf, type Column, type Row } from '../../../../../src/platform/http/formats/table.ts';
import { writeXlsx } from '../../../../../src/platform/http/formats/xlsx.ts';
import { readCsv } from '../../../../support/csv.ts';
import { clockOf, readSheet } from '../../../../support/xlsx.ts';

const tableOf = (columns: readonly Column[], rows: readonly Row[]) => ({
  name: 'table',
  columns,
  rows: batchesOf(rows),
});
const columns: readonly Column[] = ['text', 'number', 'flag', 'list'].map((name) => ({ name }));
const safe = { withByteOrderMark: false, isRaw: false };
const raw = { ...safe, isRaw: true };

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}
async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    ' ',
    'a,b',
    'a"b',
    '"',
    'a\nb',
    'a\rb',
    'a\r\nb',
    "it's",
    '_x000D_',
    '<&>',
    '\t',
    '0012',
    'true',
  ),
);
const anyRow: fc.Arbitrary<Row> = fc.tuple(
  fc.option<string>(anyText),
  fc.integer(),
  fc.boolean(),
  fc.array(anyText, { maxLength: 3 }),
);

const asText = (cell: Row[number]) => {
  if (cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
};

describe('CSV', () => {
  it('contains all cells of a table, so that a strict RFC 4180 reader returns them unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 5 }), async (rows) => {
        const read = readCsv(await textOf(writeCsv(tableOf(columns, rows), raw)));
        expect(read).toEqual([columns.map(({ name }) => name), ...rows.map((row) => row.map(asText))]);
      }),
    );
  });

  it.each([
    ...['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '\nx', '=', '-'],
    ...['  =1', '\u00a0=1', '\u3000+1', ' \t=1', '\r\n=1', ' \tx'],
  ])('has an apostrophe before %j, unless raw values are requested', async (text) => {
    const read = async (options: typeof raw) =>
      readCsv(await textOf(writeCsv(tableOf([{ name: 'a' }], [[text]]), options)))[1]?.[0];
    expect([await read(safe), await read(raw)]).toEqual([`'${text}`, text]);
  });

  it.each(['a=1', 'a-b', '1+1', "'=1", 'x\ty', 'x\n=1', ' a', '#', ''])(
    'contains the text %j unchanged',
    async (text) => {
      expect(readCsv(await textOf(writeCsv(tableOf([{ name: 'a' }], [[text]]), safe)))).toEqual([
        ['a'],
        [text],
      ]);
    },
  );

  it('contains numbers and lists of strings unchanged', async () => {
    const text = await textOf(writeCsv(tableOf([{ name: 'a' }, { name: 'b' }], [[-5, ['=1']]]), safe));
    expect(text).toBe('a,b\r\n-5,"[""=1""]"\r\n');
  });

  it('has a header row even without data rows, and a byte order mark only on request', async () => {
    const write = (withByteOrderMark: boolean) =>
      textOf(writeCsv(tableOf([{ name: 'a' }], []), { ...safe, withByteOrderMark }));
    expect([await write(false), await write(true)]).toEqual(['a\r\n', '\ufeffa\r\n']);
  });
});

describe('JSON Lines', () => {
  it('contain each row of a table as one JSON object per line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 5 }), async (rows) => {
        const text = await textOf(writeJsonLines(tableOf(columns, rows)));
        const read = text
          .split('\n')
          .slice(0, -1)
          .map((line) => Object.entries(JSON.parse(line)));
        expect(read).toEqual(rows.map((row) => row.map((cell, index) => [columns[index]?.name, cell])));
      }),
    );
  });
});

describe('a workbook', () => {
  it('contains all cells of a table', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 5 }), async (rows) => {
        const [head, ...read] = readSheet(await bytesOf(writeXlsx(tableOf(columns, rows))));
        expect(head).toEqual(columns.map(({ name }) => name));
        const shown = rows.map((row) =>
          row.map((cell) => (typeof cell === 'object' && cell ? asText(cell) : cell)),
        );
        expect(read).toEqual(shown);
      }),
      { numRuns: 20 },
    );
  });

  it('stores instants as dates in the local time of their offset, and never stores a text as a formula', async () => {
    const named: Column[] = [{ name: 'at', isInstant: true }, { name: 'text' }];
    const row = ['2026-10-25T02:30:00.123+01:00', '=1+1'];
    const [, read] = readSheet(await bytesOf(writeXlsx(tableOf(named, [row, [null, null]]))));
    expect([clockOf(read?.[0]), read?.[1]]).toEqual(['2026-10-25T02:30:00.123', '=1+1']);
  });

  it('is rejected before its first byte is sent if it has more than 500,000 cells', async () => {
    const ten = Array.from({ length: 10 }, (_, index) => ({ name: `c${index}` }));
    const row = ten.map(() => 1);
    const rows = (count: number) =>
      tableOf(
        ten,
        Array.from({ length: count }, () => row),
      );
    await expect(writeXlsx(rows(50_001)).next()).rejects.toMatchObject({ code: 'workbook_too_large' });
    expect((await writeXlsx(rows(50_000)).next()).done).toBe(false);
  });
});
