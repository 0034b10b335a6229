import type { Table } from './table.ts';

/** Yields a table as JSON Lines: one object for each row. The first chunk has rows, unless there are none. */
export async function* writeJsonLines({ columns, rows }: Table): AsyncGenerator<string> {
  const names = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  for await (const batch of rows) {
    const lines = batch.map(
      (row) => `{${row.map((cell, index) => names[index] + JSON.stringify(cell)).join(',')}}\n`,
    );
    yield lines.join('');
  }
}
