import { createWakeup } from '../../platform/background/signal.ts';
import { createGathering, enoughWaiting } from './group-commit.ts';

/** Items that wait for their commit. Commits run one after the other, each with as many items as are waiting. */
export interface CommitQueue<Item> {
  add(item: Item): void;
  /** How many items wait. Those of the commit under way are not counted. */
  size(): number;
  /** Runs other work between two commits: not now when a commit or other work is under way. Its failure is ignored. */
  runWhenIdle(work: () => Promise<void>): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

const maxBatch = 1024;

/**
 * Returns a queue in front of a group commit.
 * @param commit settles the items of a batch, also those that it refuses. It must not reject.
 */
export function createCommitQueue<Item>(
  commit: (batch: readonly Item[]) => Promise<void>,
): CommitQueue<Item> {
  const company = createWakeup();
  const gathering = createGathering(() => performance.now());
  let waiting: Item[] = [];
  let running: Promise<void> | undefined;

  function run(work: () => Promise<void>): void {
    running ??= work().finally(() => {
      running = undefined;
      if (waiting.length > 0) run(commitWaiting);
    });
  }

  async function commitWaiting(): Promise<void> {
    await gather();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      await commit(batch);
      gathering.committed(batch.length);
      if (waiting.length > 0) await gather();
    }
  }

  async function gather(): Promise<void> {
    const waitMs = gathering.waitMs(waiting.length);
    if (waitMs > 0) await company.wait(waitMs);
  }

  return {
    add(item) {
      waiting.push(item);
      if (waiting.length === enoughWaiting) company.wake();
      run(commitWaiting);
    },
    size: () => waiting.length,
    runWhenIdle: (work) => run(() => work().catch(() => {})),
    async settled() {
      while (running !== undefined) await running;
    },
  };
}
