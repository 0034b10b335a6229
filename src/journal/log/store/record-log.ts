/** Changes that are committed atomically. */
export interface LogCommit {
  readonly put?: { readonly position: number; readonly record: Buffer };
  readonly remove?: readonly number[];
  /** The reader's cursor. */
  readonly cursor?: number;
}

export interface LoggedRecord {
  /** Position of the record's first event. */
  readonly position: number;
  readonly record: Buffer;
}

/** A log of records on disk, ordered by position. Only one commit may run at a time. */
export interface RecordLog {
  /** Resolves after the commit is on disk. If it rejects, the commit was applied either completely or not at all. */
  commit(changes: LogCommit): Promise<void>;
  /** Yields records lazily, starting with the record that contains `position`. */
  recordsFrom(position: number): Iterable<LoggedRecord>;
  first(): LoggedRecord | undefined;
  last(): LoggedRecord | undefined;
  cursor(): number | undefined;
  /**
   * Returns the size of the records on disk in whole pages. The result may differ from the exact size by up to 16
   * pages.
   */
  usedBytes(): number;
  close(): Promise<void>;
}
