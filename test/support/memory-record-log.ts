import type { LogCommit, LoggedRecord, RecordLog } from '../../src/journal/log/record-log.ts';

/** What becomes of a commit. After `failed-but-done` the caller knows as little as after `failed`. */
export type CommitFate = 'done' | 'failed' | 'failed-but-done';

export interface MemoryRecordLog extends RecordLog {
  /** Asked at each commit, before anything of it happens; may wait. Everything is done at first. */
  fate: (changes: LogCommit) => CommitFate | Promise<CommitFate>;
  /** Awaited when a commit has taken effect (readers see it) and is not answered yet. */
  answer: () => void | Promise<void>;
  /** Changes that took effect, in order. */
  readonly history: readonly LogCommit[];
  records(): LoggedRecord[];
  /**
   * As after a crash: the same content under a new hand; of the old one nothing takes effect any more and
   * nothing is answered.
   */
  reopen(): MemoryRecordLog;
}

interface Content {
  readonly records: Map<number, Buffer>;
  readonly history: LogCommit[];
  cursor: number | undefined;
}

/** A record log in memory: what a commit does and when it answers is decided by the test. */
export function createMemoryRecordLog(): MemoryRecordLog {
  return openContent({ records: new Map(), history: [], cursor: undefined });
}

function openContent(content: Content): MemoryRecordLog {
  let crashed = false;
  let committing = false;

  function sorted(): LoggedRecord[] {
    return [...content.records]
      .map(([position, record]) => ({ position, record }))
      .sort((one, other) => one.position - other.position);
  }

  function apply({ put, remove = [], cursor }: LogCommit): void {
    if (put !== undefined) content.records.set(put.position, Buffer.from(put.record));
    for (const position of remove) content.records.delete(position);
    if (cursor !== undefined) content.cursor = cursor;
    content.history.push({ ...(put && { put }), remove, ...(cursor !== undefined && { cursor }) });
  }

  const log: MemoryRecordLog = {
    fate: () => 'done',
    answer: () => {},
    history: content.history,
    records: sorted,
    async commit(changes) {
      if (committing) throw new Error('two commits at once');
      committing = true;
      const fate = await log.fate(changes);
      if (crashed) return new Promise(() => {});
      if (fate !== 'failed') apply(changes);
      await log.answer();
      if (crashed) return new Promise(() => {});
      committing = false;
      if (fate !== 'done') throw new Error(`planned: ${fate}`);
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
      crashed = true;
      return openContent(content);
    },
  };
  return log;
}
