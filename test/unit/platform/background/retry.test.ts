import { describe, expect, it } from 'vitest';
import { createBackOff, retryUntilStopped } from '../../../../src/platform/background/retry.ts';

describe('createBackOff', () => {
  it('doubles the wait up to a maximum, and returns the first wait again after a reset', () => {
    const backOff = createBackOff({ firstMs: 100, lastMs: 500 });
    expect([1, 2, 3, 4, 5].map(backOff.nextMs)).toEqual([100, 200, 400, 500, 500]);
    backOff.reset();
    expect(backOff.nextMs()).toBe(100);
  });
});

/** Retries a function that fails the first `failures` times, and records failures and waits. */
function retry(failures: number, stopAfter = Number.POSITIVE_INFINITY) {
  const events: string[] = [];
  let attempts = 0;
  const result = retryUntilStopped(
    async () => {
      attempts += 1;
      if (attempts <= failures) throw new Error(`failure ${attempts}`);
      return attempts;
    },
    {
      backOff: createBackOff({ firstMs: 1, lastMs: 2 }),
      wait: async (waitMs) => void events.push(`waits ${waitMs} ms`),
      isStopped: () => attempts >= stopAfter,
      onFailure: (error, waitMs) => void events.push(`${(error as Error).message}, ${waitMs} ms`),
    },
  );
  return { result, events };
}

describe('retryUntilStopped', () => {
  it('repeats the attempt until one succeeds, and waits after each failure', async () => {
    const { result, events } = retry(3);
    expect(await result).toEqual({ kind: 'done', value: 4 });
    expect(events).toEqual([
      'failure 1, 1 ms',
      'waits 1 ms',
      'failure 2, 2 ms',
      'waits 2 ms',
      'failure 3, 2 ms',
      'waits 2 ms',
    ]);
  });

  it('stops without a wait if a stop is requested during an attempt', async () => {
    const { result, events } = retry(5, 2);
    expect(await result).toEqual({ kind: 'stopped' });
    expect(events).toEqual(['failure 1, 1 ms', 'waits 1 ms', 'failure 2, 2 ms']);
  });

  it('does not start an attempt if a stop was requested before', async () => {
    const { result, events } = retry(5, 0);
    expect(await result).toEqual({ kind: 'stopped' });
    expect(events).toEqual([]);
  });
});
