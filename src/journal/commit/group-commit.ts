/**
 * When a commit should wait for company. A commit costs 0.2 ms of a core however many events share it, so under
 * load they are gathered: until enough wait, at the latest after `gatherMs`. At low traffic nothing waits.
 */
export interface Gathering {
  /** How long the next commit should still wait, with so many events waiting now. */
  waitMs(waiting: number): number;
  /** A commit of so many events has ended. */
  committed(events: number): void;
}

const gatherMs = 5;
/** So many waiting events are company enough. */
export const enoughWaiting = 24;
const windowMs = 20;
/** Events in a window from which on traffic counts as load: 1,500 a second. */
const loadPerWindow = 30;

/** @param nowMs a monotonic clock. */
export function createGathering(nowMs: () => number): Gathering {
  let lastCommitMs = Number.NEGATIVE_INFINITY;
  let windowEndMs = 0;
  let inWindow = 0;
  let underLoad = false;

  return {
    waitMs(waiting) {
      if (!underLoad || waiting >= enoughWaiting) return 0;
      return Math.max(0, lastCommitMs + gatherMs - nowMs());
    },
    committed(events) {
      lastCommitMs = nowMs();
      if (lastCommitMs >= windowEndMs) {
        underLoad = inWindow >= loadPerWindow;
        windowEndMs = lastCommitMs + windowMs;
        inWindow = 0;
      }
      inWindow += events;
    },
  };
}
