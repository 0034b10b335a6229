/** Changes that are on disk together or not at all. */
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

/** Records in the order of their positions, on disk. One commit at a time. */
export interface RecordLog {
  /** Resolves when the commit is on disk; rejects when it failed, and then what was before still stands. */
  commit(changes: LogCommit): Promise<void>;
  /** Records from the one that holds `position` on, lazily. */
  recordsFrom(position: number): Iterable<LoggedRecord>;
  first(): LoggedRecord | undefined;
  last(): LoggedRecord | undefined;
  cursor(): number | undefined;
  /** What the records take up on disk, in whole pages; by up to 16 of them it may be off until it is counted anew. */
  usedBytes(): number;
  close(): Promise<void>;
}
