import { expect, it } from 'vitest';
import { tableLines } from '../../../src/cli/output/table.ts';
import { quoted } from '../../../src/cli/output/terminal-text.ts';

it('tableLines aligns columns by display width, with two spaces between them and none at the end', () => {
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

it('tableLines keeps long cells whole and shows control characters of quoted cells as escapes', () => {
  const long = 'x'.repeat(500);
  expect(tableLines([[long, quoted('a\u001b[31mb\nc')]])).toEqual([`${long}  a\\u{1b}[31mb\\u{a}c`]);
});
