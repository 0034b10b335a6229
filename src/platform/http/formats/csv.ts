import { type Options, stringify } from 'csv-stringify/sync';
import type { Cell, Row, Table } from './table.ts';

export interface CsvOptions {
  /** A byte order mark, by which Excel recognises UTF-8. */
  readonly withByteOrderMark: boolean;
  /** Leaves texts unchanged that a spreadsheet would execute. */
  readonly isRaw: boolean;
}

/** RFC 4180: CRLF ends a record. A single CR or LF in a text needs quotes too. */
const layout: Options = { record_delimiter: 'windows', quoted_match: /[\r\n]/ };

/** What spreadsheets read as the beginning of a formula or command: also after blanks, which they skip. */
const executable = /^\s*[=+\-@]|^[^\S\t\r\n]*[\t\r\n]/;

/** Yields a table as CSV (RFC 4180) with a header row. The first chunk has rows, unless there are none. */
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

/** Numbers stay numbers: only a text can be a formula. */
function safeText(cell: Cell): string {
  return typeof cell === 'string' && executable.test(cell) ? `'${cell}` : rawText(cell);
}
