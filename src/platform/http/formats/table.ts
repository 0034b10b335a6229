/** A cell value. Null is an empty cell. A list of texts is written into one cell. */
export type Cell = string | number | boolean | null | readonly string[];
export type Row = readonly Cell[];

export interface Column {
  readonly name: string;
  /** The cells are null or instants in ISO 8601 with milliseconds and a numeric offset. */
  readonly isInstant?: true;
}

/** A table that is sent as a file. */
export interface Table {
  /** File name without its extension. */
  readonly name: string;
  readonly columns: readonly Column[];
  /**
   * Rows in batches of at most about 1,000, because the event loop is blocked while a batch is written. A
   * consumer that leaves the loop stops the read of the store.
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
