/** A value of a table. Null is an empty cell. A list of texts is written into one cell. */
export type Cell = string | number | boolean | null | readonly string[];
export type Row = readonly Cell[];

export interface Column {
  readonly name: string;
  /** The cells are instants in ISO 8601 with milliseconds and a numeric offset, or null. */
  readonly isInstant?: true;
}

/** A table that is sent as a file. */
export interface Table {
  /** The name of the file without its extension. */
  readonly name: string;
  readonly columns: readonly Column[];
  /**
   * The rows, in batches of at most about 1,000, because a batch is written without a pause. Ending the iteration ends the
   * read of the store.
   */
  readonly rows: AsyncIterable<readonly Row[]>;
}

const rowsOfBatch = 1000;

/** Yields the given rows in batches. */
export async function* batchesOf(rows: Iterable<Row>): AsyncGenerator<Row[]> {
  let batch: Row[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < rowsOfBatch) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
