import { createSignal } from '../../platform/background/signal.ts';
import { createGroupCommit, fullGroupSize } from './group-commit.ts';

/**
 * Queues items for commits. Commits run one after the other. Each commit contains all waiting items, but at most
 * 1,024.
 */
export interface CommitQueue<Item> {
  add(item: Item): void;
  /** Returns the number of waiting items, excluding those in the current commit. */
  size(): number;
  /**
   * Runs other work between two commits. Does nothing if a commit or other work is running. Ignores errors of `work`.
   */
  runWhenIdle(work: () => Promise<void>): void;
  /** Resolves when no commit and no other work is running. */
  settled(): Promise<void>;
}

const maxBatch = 1024;

/**
 * Creates a queue that commits its items in groups.
 * @param commit commits a batch and settles the promise of each item in it, also of items that it rejects. The
 * promise of `commit` must not reject.
 */
export function createCommitQueue<Item>(
  commit: (batch: readonly Item[]) => Promise<void>,
): CommitQueue<Item> {
  const groupFull = createSignal();
  const groupCommit = createGroupCommit(() => performance.now());
  let waiting: Item[] = [];
  let running: Promise<void> | undefined;

  function run(work: () => Promise<void>): void {
    running ??= work().finally(() => {
      running = undefined;
      if (waiting.length > 0) run(commitWaiting);
    });
  }

  async function commitWaiting(): Promise<void> {
    await waitForGroup();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      await commit(batch);
      groupCommit.committed(batch.length);
      if (waiting.length > 0) await waitForGroup();
    }
  }

  async function waitForGroup(): Promise<void> {
    const waitMs = groupCommit.waitMs(waiting.length);
    if (waitMs > 0) await groupFull.wait(waitMs);
  }

  return {
    add(item) {
      waiting.push(item);
      if (waiting.length === fullGroupSize) groupFull.wake();
      run(commitWaiting);
    },
    size: () => waiting.length,
    runWhenIdle: (work) => run(() => work().catch(() => {})),
    async settled() {
      while (running !== undefined) await running;
    },
  };
}
