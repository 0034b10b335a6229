/** Value of a cell. Null is an empty cell. A list of texts is written into one cell. */
export type Cell = string | number | boolean | null | readonly string[];
export type Row = readonly Cell[];

export interface Column {
  readonly name: string;
  /** True if the cells are instants in ISO 8601 with milliseconds and a numeric offset, or null. */
  readonly isInstant?: true;
}

/** A table that is sent as a file. */
export interface Table {
  /** Name of the file, without an extension. */
  readonly name: string;
  readonly columns: readonly Column[];
  /**
   * Rows in batches of at most about 1,000. Writing a batch blocks the event loop. A consumer that leaves the loop
   * stops the read of the store.
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
