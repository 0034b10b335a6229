import type { Clock } from '../../platform/clock.ts';
import { reasonOf } from '../../platform/errors/errors.ts';
import type { Logger } from '../../platform/logger.ts';
import type { WatermarkDeps } from '../answers/completeness.ts';
import type { UsageStore } from '../query/usage-store.ts';
import { createRecentCounts, type RecentCounts } from './recent-counts.ts';

export interface LivePollDeps extends WatermarkDeps {
  readonly store: Pick<UsageStore, 'secondCounts'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Reads the newest seconds of the store. */
export interface LivePoll {
  readonly recent: RecentCounts;
  /**
   * Reads the seconds since the last poll. A series of failures is logged once. After a failure, the next poll reads
   * the same seconds again.
   */
  poll(): Promise<void>;
}

/** Time after which a session is assumed to be stored, if no watermark is known. */
const settlingMs = 2000;

export function createLivePoll({ store, clock, completeThroughMs, logger }: LivePollDeps): LivePoll {
  const recent = createRecentCounts();
  let isFailing = false;

  /** Returns the newest whole second whose sessions are all stored. */
  function settledSecond(): number {
    const nowMs = clock.nowMs();
    return Math.floor(Math.min(completeThroughMs() ?? nowMs - settlingMs, nowMs) / 1000);
  }

  async function read(): Promise<void> {
    const through = settledSecond();
    if (through <= (recent.through() ?? 0)) return;
    const from = recent.readFrom(through);
    const counts = await store.secondCounts({ startMs: from * 1000, endMs: through * 1000 });
    recent.add(counts, from, through);
  }

  return {
    recent,
    async poll() {
      try {
        await read();
        if (isFailing) logger.info('live usage works again');
        isFailing = false;
      } catch (error) {
        if (!isFailing) logger.warn({ reason: reasonOf(error) }, 'live usage fails; it retries');
        isFailing = true;
      }
    },
  };
}
