import { within } from '../../src/platform/background/time-limit.ts';
import type { Logger } from '../../src/platform/logger.ts';

const retryMs = 1000;
/** One that is not answered at all must not hold up all that come after it. */
const answerTimeoutMs = 25_000;

export interface Commits {
  /** Everything of the partition before this offset is stored. */
  commit(partition: number, offset: number): void;
  /** Other partitions have become another process's: a hint of ours that comes late would take theirs back. */
  keepOnly(partitions: readonly number[]): void;
  /** Resolves when nothing is being sent any more; hints that were lost are given up. */
  settled(): Promise<void>;
}

/**
 * Commits the newest hint of each partition, one commit at a time. A hint that was lost (the group is rebalancing,
 * its coordinator moves) is sent again: nothing may come after it for long, and until then the group's lag, which
 * operators watch, would tell of events that have been stored.
 */
export function createCommits(
  send: (partition: number, offset: number) => Promise<void>,
  logger: Logger,
): Commits {
  const pending = new Map<number, number>();
  let kept: ReadonlySet<number> | undefined;
  let running: Promise<void> | undefined;
  let retryTimer: NodeJS.Timeout | undefined;

  /** Answers the hints that were lost. */
  async function sendAll(): Promise<Map<number, number>> {
    const lost = new Map<number, number>();
    // What is added meanwhile is visited too.
    for (const [partition, offset] of pending) {
      pending.delete(partition);
      await within(answerTimeoutMs, send(partition, offset)).catch((error) => {
        logger.debug({ err: error, partition }, 'a hint was lost');
        lost.set(partition, offset);
      });
    }
    return lost;
  }

  function start(): void {
    clearTimeout(retryTimer);
    running ??= sendAll().then((lost) => {
      running = undefined;
      for (const [partition, offset] of lost)
        if (!pending.has(partition) && kept?.has(partition) !== false) pending.set(partition, offset);
      if (pending.size === 0) return;
      if (lost.size > 0) retryLater();
      else start();
    });
  }

  function retryLater(): void {
    clearTimeout(retryTimer);
    retryTimer = setTimeout(start, retryMs).unref();
  }

  return {
    commit(partition, offset) {
      pending.set(partition, offset);
      start();
    },
    keepOnly(partitions) {
      kept = new Set(partitions);
      for (const partition of pending.keys()) if (!kept.has(partition)) pending.delete(partition);
    },
    async settled() {
      while (running !== undefined) await running;
      clearTimeout(retryTimer);
    },
  };
}
