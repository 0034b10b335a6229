import type { TokenKey } from '../load/mint.ts';
import { sleep } from '../support/processes.ts';
import type { Caller } from '../support/watmeter.ts';

const pollMs = 10;
const lastWaitMs = 30_000;

/** Polls the total of one configuration and records when it reached each number. */
export function startWatching(call: Caller, key: TokenKey) {
  const path = `/api/v1/usage/summary?configurationId=${key.configurationId}`;
  const visibleMs: number[] = [];
  const startedMs = performance.now();
  let polls = 0;
  let delivered = 0;
  let stopping = false;

  async function watch(): Promise<void> {
    while (!stopping) {
      const { total } = await call<{ total: number }>('GET', path);
      const nowMs = performance.now();
      polls += 1;
      while (visibleMs.length < total) visibleMs.push(nowMs);
      await sleep(pollMs);
    }
  }

  const watching = watch();
  return {
    /** Number of earlier exchanges, which are not measured. */
    skip(exchanges: number): void {
      delivered += exchanges;
    },
    /**
     * Returns how long after its response each of the last exchanges became visible. Waits for the last one.
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
    everyMs: () => (performance.now() - startedMs) / polls,
    async stop() {
      stopping = true;
      await watching;
    },
  };
}
