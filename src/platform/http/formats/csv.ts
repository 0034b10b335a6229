import { type Options, stringify } from 'csv-stringify/sync';
import type { Cell, Row, Table } from './table.ts';

export interface CsvOptions {
  /** Whether the file starts with a byte order mark. Excel needs it to recognise UTF-8. */
  readonly withByteOrderMark: boolean;
  /** Whether texts that a spreadsheet would execute are written unchanged. */
  readonly isRaw: boolean;
}

/** RFC 4180: CRLF ends a record. A text with a single CR or LF needs quotes too. */
const layout: Options = { record_delimiter: 'windows', quoted_match: /[\r\n]/ };

/**
 * Matches a text that a spreadsheet would execute as a formula or command. Spreadsheets skip leading white
 * space.
 */
const executable = /^\s*[=+\-@]|^[^\S\t\r\n]*[\t\r\n]/;

/** Writes a table as CSV (RFC 4180) with a header row. The first chunk contains rows if the table has any. */
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
 * Prefixes a text that a spreadsheet would execute with `'`. Other cells are unchanged, because they cannot
 * be formulas.
 */
function safeText(cell: Cell): string {
  return typeof cell === 'string' && executable.test(cell) ? `'${cell}` : rawText(cell);
}
