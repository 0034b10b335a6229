import type { Logger } from '../../platform/logger.ts';
import type { LogCommit, RecordLog } from './store/record-log.ts';

/** Commits changes and the reader's cursor to a record log. */
export interface LogWriter {
  /**
   * Writes the changes, and also the cursor if it has moved. Resolves after all are on disk.
   * @throws Error if the log cannot be written.
   */
  commit(changes: Omit<LogCommit, 'cursor'>): Promise<void>;
  /** Returns whether the last commit failed. */
  isFailing(): boolean;
  /** Marks the log as failing until a commit succeeds. */
  markFailing(): void;
  /** Returns the cursor. The reader has acknowledged all events before this position. */
  acknowledged(): number;
  /** Moves the cursor forward. The next commit writes it. */
  acknowledge(position: number): void;
  /** Moves the cursor back to the oldest record and returns the new position. */
  rewind(): number;
  /** Returns whether the current cursor is on disk. */
  isCursorSaved(): boolean;
}

/** Creates a writer for a log. If the log is empty and has no cursor, the cursor starts at `endPosition`. */
export function createLogWriter(log: RecordLog, endPosition: number, logger: Logger): LogWriter {
  let savedCursor = log.cursor() ?? log.first()?.position ?? endPosition;
  let acknowledged = savedCursor;
  let isFailing = false;

  return {
    async commit(changes) {
      const cursor = acknowledged;
      try {
        // After a failure each commit writes the cursor. A commit without changes would succeed even on a full disk,
        // and the log would no longer count as failing.
        await log.commit({ ...changes, ...((cursor !== savedCursor || isFailing) && { cursor }) });
        savedCursor = cursor;
        if (isFailing) logger.info('the journal is writable again');
        isFailing = false;
      } catch (error) {
        if (!isFailing) logger.error({ err: error }, 'the journal cannot be written; sessions are rejected');
        isFailing = true;
        throw error;
      }
    },
    isFailing: () => isFailing,
    markFailing() {
      isFailing = true;
    },
    acknowledged: () => acknowledged,
    acknowledge(position) {
      acknowledged = Math.max(acknowledged, position);
    },
    rewind() {
      acknowledged = Math.min(acknowledged, log.first()?.position ?? acknowledged);
      return acknowledged;
    },
    isCursorSaved: () => acknowledged === savedCursor,
  };
}
