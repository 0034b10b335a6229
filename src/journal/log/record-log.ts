/** Changes that are written atomically. */
export interface LogCommit {
  readonly put?: { readonly position: number; readonly record: Buffer };
  readonly remove?: readonly number[];
  /** The cursor of the reader. */
  readonly cursor?: number;
}

export interface LoggedRecord {
  /** The position of the first event of the record. */
  readonly position: number;
  readonly record: Buffer;
}

/** A log of records on disk, ordered by position. Only one commit may run at a time. */
export interface RecordLog {
  /** Resolves when the commit is on disk. When it rejects, the previous content is unchanged or the commit is complete. */
  commit(changes: LogCommit): Promise<void>;
  /** Yields the records from the one that contains `position`. It reads them lazily. */
  recordsFrom(position: number): Iterable<LoggedRecord>;
  first(): LoggedRecord | undefined;
  last(): LoggedRecord | undefined;
  cursor(): number | undefined;
  /** Returns the size of the records on disk in whole pages. It may differ from the exact size by up to 16 pages. */
  usedBytes(): number;
  close(): Promise<void>;
}
