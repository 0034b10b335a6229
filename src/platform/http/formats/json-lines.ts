import type { Table } from './table.ts';

/** Writes a table as JSON Lines, with one object per row. The first chunk contains rows, if there are any. */
export async function* writeJsonLines({ columns, rows }: Table): AsyncGenerator<string> {
  const names = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  for await (const batch of rows) {
    const lines = batch.map(
      (row) => `{${row.map((cell, index) => names[index] + JSON.stringify(cell)).join(',')}}\n`,
    );
    yield lines.join('');
  }
}
