import type { ColumnDef } from 'hucre/xlsx';
import { AppError } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';
import type { Cell, Column, Row, Table } from './table.ts';

/** Maximum number of rows in a worksheet, without the header. */
export const maxSheetRows = 1_048_575;
/**
 * Maximum number of cells. All rows are collected before the first byte is sent, so a table that is too large causes
 * an error response instead of a truncated file.
 */
export const maxCells = 500_000;

/**
 * Writes a table as a workbook with one worksheet. Each instant becomes a date with the local time of the instant's
 * offset.
 * @throws AppError `workbook_too_large` before the first chunk if the table exceeds the limits.
 */
export async function* writeXlsx({ columns, rows }: Table): AsyncGenerator<Uint8Array> {
  const collected = await collect(columns, rows);
  // The library is loaded for the first workbook, because it would slow down the start of the process.
  const { writeXlsxStream } = await import('hucre/xlsx');
  const values = columns.map(({ isInstant }) => (isInstant ? dateOf : plainValue));
  function* sheetRows() {
    for (const row of collected) yield row.map((cell, index) => values[index]?.(cell) ?? null);
  }
  const stream = writeXlsxStream(sheetRows(), {
    name: 'watmeter',
    columns: columns.map(definitionOf),
    freezePane: { rows: 1 },
  });
  yield* stream as unknown as AsyncIterable<Uint8Array>;
}

/** Returns whether a table fits into a worksheet. */
export function fitsSheet(rowCount: number, columnCount: number): boolean {
  return rowCount <= maxSheetRows && rowCount * columnCount <= maxCells;
}

/** Creates the error for a table that does not fit into a worksheet. */
export function workbookTooLarge(advice = '', members: Readonly<Record<string, unknown>> = {}): AppError {
  return new AppError(platformErrors.workbook_too_large, {
    detail: `${platformErrors.workbook_too_large.detail}${advice}`,
    members,
  });
}

async function collect(columns: readonly Column[], rows: Table['rows']): Promise<Row[]> {
  const collected: Row[] = [];
  for await (const batch of rows) {
    for (const row of batch) collected.push(row);
    if (!fitsSheet(collected.length, columns.length)) throw workbookTooLarge();
  }
  return collected;
}

const instantFormat = 'yyyy-mm-dd hh:mm:ss.000';

function definitionOf({ name, isInstant }: Column): ColumnDef {
  return { header: cellText(name), width: isInstant ? 24 : 14, ...(isInstant && { numFmt: instantFormat }) };
}

/** Converts an instant to its local time, because dates in a worksheet have no time zone. */
function dateOf(cell: Cell): Date | null {
  return typeof cell === 'string' ? new Date(`${cell.slice(0, 23)}Z`) : null;
}

function plainValue(cell: Cell): string | number | boolean | null {
  if (typeof cell === 'string') return cellText(cell);
  return typeof cell === 'object' && cell !== null
    ? cellText(JSON.stringify(cell))
    : (cell as number | boolean | null);
}

/**
 * Converts a text for a cell. It escapes texts that Excel would read as an escape sequence (`_x000D_`; ECMA-376,
 * 22.4.2.4), and replaces characters that XML does not allow.
 */
function cellText(text: string): string {
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .toWellFormed();
}
