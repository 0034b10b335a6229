import { type Options, stringify } from 'csv-stringify/sync';
import type { Cell, Row, Table } from './table.ts';

export interface CsvOptions {
  /** True if the file starts with a byte order mark. Excel needs the mark to recognise UTF-8. */
  readonly withByteOrderMark: boolean;
  /** True if texts that a spreadsheet would execute are written unchanged. */
  readonly isRaw: boolean;
}

/** CSV layout of RFC 4180: CRLF ends a record. A text that contains only CR or only LF needs quotes too. */
const layout: Options = { record_delimiter: 'windows', quoted_match: /[\r\n]/ };

/**
 * Matches a text that a spreadsheet would execute as a formula or command. Spreadsheets skip leading white
 * space.
 */
const executable = /^\s*[=+\-@]|^[^\S\t\r\n]*[\t\r\n]/;

/**
 * Writes a table as CSV (RFC 4180) with a header row. The first chunk contains the header together with rows, if
 * there are any.
 */
export async function* writeCsv(table: Table, options: CsvOptions): AsyncGenerator<string> {
  const textOf = options.isRaw ? rawText : safeText;
  const write = (rows: readonly Row[]) =>
    stringify(
      rows.map((row) => row.map(textOf)),
      layout,
    );
  let head = (options.withByteOrderMark ? '\ufeff' : '') + write([table.columns.map(({ name }) => name)]);
  for await (const rows of table.rows) {
    yield head + write(rows);
    head = '';
  }
  if (head !== '') yield head;
}

function rawText(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if (cell === null) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/**
 * Writes `'` before a text that a spreadsheet would execute. Other cells are unchanged, because they cannot be
 * formulas.
 */
function safeText(cell: Cell): string {
  return typeof cell === 'string' && executable.test(cell) ? `'${cell}` : rawText(cell);
}
