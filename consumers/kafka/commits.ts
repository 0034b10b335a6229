import { withTimeLimit } from '../../src/platform/background/time-limit.ts';
import type { Logger } from '../../src/platform/logger.ts';

const retryMs = 1000;
/** Time limit for one commit. Without a limit, a commit that gets no response would delay all later commits. */
const answerTimeoutMs = 25_000;

export interface Commits {
  /** Queues a commit of `offset`: every message of the partition before this offset is stored. */
  commit(partition: number, offset: number): void;
  /**
   * Drops the queued offsets of all other partitions. Other processes now own those partitions, and a late commit
   * would move their committed offsets back.
   */
  keepOnly(partitions: readonly number[]): void;
  /** Resolves when no commit is in flight. Failed commits are not retried after that. */
  settled(): Promise<void>;
}

export type SendCommit = (partition: number, offset: number) => Promise<void>;

interface CommitState {
  readonly send: SendCommit;
  readonly logger: Logger;
  /** Newest queued offset per partition, without commits in flight. */
  readonly pending: Map<number, number>;
  /** Partitions whose offsets may be committed, or undefined if all may. */
  kept: ReadonlySet<number> | undefined;
  running: Promise<void> | undefined;
  retryTimer: NodeJS.Timeout | undefined;
}

/**
 * Creates a queue that commits the newest offset of each partition, one commit at a time. A commit fails while the
 * group is rebalancing or its coordinator moves. The queue retries it, because the partition's next offset may come
 * much later, and until then the consumer lag would include events that are stored.
 */
export function createCommits(send: SendCommit, logger: Logger): Commits {
  const commits: CommitState = {
    ...{ send, logger, pending: new Map() },
    ...{ kept: undefined, running: undefined, retryTimer: undefined },
  };
  return {
    commit(partition, offset) {
      commits.pending.set(partition, offset);
      start(commits);
    },
    keepOnly(partitions) {
      const kept = new Set(partitions);
      commits.kept = kept;
      for (const partition of commits.pending.keys())
        if (!kept.has(partition)) commits.pending.delete(partition);
    },
    async settled() {
      while (commits.running !== undefined) await commits.running;
      clearTimeout(commits.retryTimer);
    },
  };
}

function start(commits: CommitState): void {
  clearTimeout(commits.retryTimer);
  commits.running ??= sendAll(commits).then((lost) => {
    commits.running = undefined;
    continueAfter(commits, lost);
  });
}

/** Commits all queued offsets and returns those that failed. */
async function sendAll({ pending, send, logger }: CommitState): Promise<Map<number, number>> {
  const lost = new Map<number, number>();
  // The loop also visits offsets that are queued while it runs.
  for (const [partition, offset] of pending) {
    pending.delete(partition);
    await withTimeLimit(answerTimeoutMs, send(partition, offset)).catch((error) => {
      logger.debug({ err: error, partition }, 'an offset was not committed');
      lost.set(partition, offset);
    });
  }
  return lost;
}

function continueAfter(commits: CommitState, lost: ReadonlyMap<number, number>): void {
  const { pending, kept } = commits;
  for (const [partition, offset] of lost)
    if (!pending.has(partition) && kept?.has(partition) !== false) pending.set(partition, offset);
  if (pending.size === 0) return;
  if (lost.size > 0) commits.retryTimer = setTimeout(() => start(commits), retryMs).unref();
  else start(commits);
}
