/**
 * Decides how long a commit waits for more events. A commit takes 0.2 ms of CPU time, regardless of its number of
 * events. Under load, a commit therefore waits until 24 events are queued, but at most until 5 ms after the previous
 * commit. At low traffic it does not wait.
 */
export interface GroupCommit {
  /** Returns how long the next commit should still wait, given the number of waiting events. */
  waitMs(waiting: number): number;
  /** Records that a commit with this number of events has finished. */
  committed(events: number): void;
}

const maxWaitMs = 5;
/** Number of waiting events at which a commit no longer waits. */
export const fullGroupSize = 24;
const windowMs = 20;
/** Number of events in a window that counts as load: 1,500 per second. */
const loadThreshold = 30;

/**
 * Creates a group commit that measures the load in windows of 20 ms.
 * @param nowMs a monotonic clock.
 */
export function createGroupCommit(nowMs: () => number): GroupCommit {
  let lastCommitMs = Number.NEGATIVE_INFINITY;
  let windowEndMs = 0;
  let eventsInWindow = 0;
  let isUnderLoad = false;

  return {
    waitMs(waiting) {
      if (!isUnderLoad || waiting >= fullGroupSize) return 0;
      return Math.max(0, lastCommitMs + maxWaitMs - nowMs());
    },
    committed(events) {
      lastCommitMs = nowMs();
      if (lastCommitMs >= windowEndMs) {
        isUnderLoad = eventsInWindow >= loadThreshold;
        windowEndMs = lastCommitMs + windowMs;
        eventsInWindow = 0;
      }
      eventsInWindow += events;
    },
  };
}
