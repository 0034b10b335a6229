import type { TokenKey } from '../load/mint.ts';
import { sleep } from '../support/processes.ts';
import type { Caller } from '../support/watmeter.ts';

const pollMs = 10;
const lastWaitMs = 30_000;

/** Polls the total of one configuration, and records when the total reached each number. */
export function startWatching(call: Caller, key: TokenKey) {
  const path = `/api/v1/usage/summary?configurationId=${key.configurationId}`;
  const visibleMs: number[] = [];
  const lagsMs: number[] = [];
  const startedMs = performance.now();
  let polls = 0;
  let delivered = 0;
  let stopping = false;

  async function watch(): Promise<void> {
    while (!stopping) {
      const { total, lagMs } = await call<{ total: number; lagMs: number | null }>('GET', path);
      const nowMs = performance.now();
      polls += 1;
      if (lagMs !== null) lagsMs.push(lagMs);
      while (visibleMs.length < total) visibleMs.push(nowMs);
      await sleep(pollMs);
    }
  }

  const watching = watch();
  return {
    /**
     * Excludes a number of exchanges, such as those of the warm-up, from the measurement. The excluded exchanges must
     * be earlier than all measured ones.
     */
    skip(exchanges: number): void {
      delivered += exchanges;
    },
    /**
     * Returns the delay of each of the latest exchanges: the time from its response until the total included it.
     * Waits until the total includes all of them.
     * @param answeredMs times of the responses, in the order of the exchanges.
     */
    async delaysOf(answeredMs: readonly number[]): Promise<number[]> {
      const first = delivered;
      delivered += answeredMs.length;
      const deadlineMs = performance.now() + lastWaitMs;
      while (visibleMs.length < delivered) {
        if (performance.now() > deadlineMs)
          throw new Error(`${visibleMs.length} of ${delivered} exchanges became visible`);
        await sleep(pollMs);
      }
      return answeredMs.map((atMs, index) => Math.max(0, (visibleMs[first + index] ?? 0) - atMs));
    },
    /** Returns the member `lagMs` of each response: the time from `completeThrough` to the response. */
    lagsMs: () => lagsMs,
    /** Returns the mean time between two polls. */
    everyMs: () => (performance.now() - startedMs) / polls,
    async stop() {
      stopping = true;
      await watching;
    },
  };
}
