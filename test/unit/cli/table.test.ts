import { expect, it } from 'vitest';
import { tableLines } from '../../../src/cli/output/table.ts';
import { quoted } from '../../../src/cli/output/terminal-text.ts';

it('tableLines aligns columns by display width, with two spaces between columns and no trailing spaces', () => {
  const rows = [
    ['ID', 'NAME', 'STATE'],
    ['1', '日本語', 'on'],
    ['22', 'e\u0301te\u0301', 'off'],
    ['3', '\u{1f600}', ''],
  ];
  expect(tableLines(rows)).toEqual([
    'ID  NAME    STATE',
    '1   日本語  on',
    '22  e\u0301te\u0301     off',
    '3   \u{1f600}',
  ]);
  expect(tableLines([])).toEqual([]);
});

it('tableLines does not truncate long cells and escapes control characters in quoted cells', () => {
  const long = 'x'.repeat(500);
  expect(tableLines([[long, quoted('a\u001b[31mb\nc')]])).toEqual([`${long}  a\\u{1b}[31mb\\u{a}c`]);
});
