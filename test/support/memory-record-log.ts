import type { LogCommit, LoggedRecord, RecordLog } from '../../src/journal/log/store/record-log.ts';

/** The outcome of a commit. With `failed-but-done`, the caller cannot know whether the commit took effect. */
export type CommitOutcome = 'done' | 'failed' | 'failed-but-done';

export interface MemoryRecordLog extends RecordLog {
  /** Decides the outcome of each commit before its effect. The test may return a promise. The default is `done`. */
  outcome: (changes: LogCommit) => CommitOutcome | Promise<CommitOutcome>;
  /** Runs after a commit has taken effect and before it resolves. Readers already see the commit. */
  answer: () => void | Promise<void>;
  /** The commits that took effect, in order. */
  readonly history: readonly LogCommit[];
  records(): LoggedRecord[];
  /**
   * Simulates a crash: returns a new log with the same content. Later commits of the old log have no effect, and its
   * pending commits never settle.
   */
  reopen(): MemoryRecordLog;
}

interface Content {
  readonly records: Map<number, Buffer>;
  readonly history: LogCommit[];
  cursor: number | undefined;
}

/** Creates an in-memory record log. The test decides the outcome of each commit and when the commit resolves. */
export function createMemoryRecordLog(): MemoryRecordLog {
  return openContent({ records: new Map(), history: [], cursor: undefined });
}

function openContent(content: Content): MemoryRecordLog {
  let isCrashed = false;
  let isCommitting = false;

  function sorted(): LoggedRecord[] {
    return [...content.records]
      .map(([position, record]) => ({ position, record }))
      .sort((left, right) => left.position - right.position);
  }

  function apply({ put, remove = [], cursor }: LogCommit): void {
    if (put !== undefined) content.records.set(put.position, Buffer.from(put.record));
    for (const position of remove) content.records.delete(position);
    if (cursor !== undefined) content.cursor = cursor;
    content.history.push({ ...(put && { put }), remove, ...(cursor !== undefined && { cursor }) });
  }

  const log: MemoryRecordLog = {
    outcome: () => 'done',
    answer: () => {},
    history: content.history,
    records: sorted,
    async commit(changes) {
      if (isCommitting) throw new Error('two commits at once');
      isCommitting = true;
      const outcome = await log.outcome(changes);
      if (isCrashed) return new Promise(() => {});
      if (outcome !== 'failed') apply(changes);
      await log.answer();
      if (isCrashed) return new Promise(() => {});
      isCommitting = false;
      if (outcome !== 'done') throw new Error(`planned: ${outcome}`);
    },
    *recordsFrom(position) {
      const records = sorted();
      const holding = records.findLastIndex((record) => record.position <= position);
      yield* records.slice(Math.max(0, holding));
    },
    first: () => sorted()[0],
    last: () => sorted().at(-1),
    cursor: () => content.cursor,
    usedBytes: () => [...content.records.values()].reduce((sum, record) => sum + record.length, 0),
    close: async () => {},
    reopen() {
      isCrashed = true;
      return openContent(content);
    },
  };
  return log;
}
