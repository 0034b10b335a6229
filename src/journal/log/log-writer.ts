import type { Logger } from '../../platform/logger.ts';
import type { LogCommit, RecordLog } from './record-log.ts';

/** Commits to a record log, with the reader's cursor. */
export interface LogWriter {
  /** Resolves when the changes are on disk, with the cursor if it moved. @throws the error of the log. */
  commit(changes: Omit<LogCommit, 'cursor'>): Promise<void>;
  /** Whether the last commit failed. */
  isFailing(): boolean;
  /** Counts as a failed commit until the next one succeeds. */
  markFailing(): void;
  /** The position before which the reader has everything. */
  acknowledged(): number;
  /** Moves the cursor forward. The next commit writes it. */
  acknowledge(position: number): void;
  /** Moves the cursor back to the oldest record, and returns it. */
  rewind(): number;
  /** Whether the disk has the cursor as it is now. */
  isCursorSaved(): boolean;
}

/** Returns a writer of a log that ends at a position. */
export function createLogWriter(log: RecordLog, endPosition: number, logger: Logger): LogWriter {
  let savedCursor = log.cursor() ?? log.first()?.position ?? endPosition;
  let acknowledged = savedCursor;
  let isFailing = false;

  return {
    async commit(changes) {
      const cursor = acknowledged;
      try {
        // During a failure each commit has the cursor: a full disk accepts a commit without content.
        await log.commit({ ...changes, ...((cursor !== savedCursor || isFailing) && { cursor }) });
        savedCursor = cursor;
        if (isFailing) logger.info('the journal can be written again');
        isFailing = false;
      } catch (error) {
        if (!isFailing) logger.error({ err: error }, 'the journal cannot be written: sessions are refused');
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
