import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCommits } from '../../../../consumers/kafka/commits.ts';
import { createLogger } from '../../../../src/platform/logger.ts';

const sent: string[] = [];
const failing = new Set<number>();
let commits: ReturnType<typeof createCommits>;

beforeEach(() => {
  vi.useFakeTimers();
  sent.length = 0;
  failing.clear();
  commits = createCommits(
    async (partition, offset) => {
      if (failing.has(partition)) throw new Error('REBALANCE_IN_PROGRESS');
      sent.push(`${partition}:${offset}`);
    },
    createLogger({ logLevel: 'silent' }),
  );
});
afterEach(() => vi.useRealTimers());

describe('hints of a consumer', () => {
  it('are sent again when they were lost, even if no later hint follows', async () => {
    failing.add(1);
    commits.commit(1, 10);
    await vi.advanceTimersByTimeAsync(5000);
    expect(sent).toEqual([]);
    failing.clear();
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual(['1:10']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toEqual(['1:10']);
  });

  it('are sent only with their newest offset', async () => {
    failing.add(1);
    commits.commit(1, 10);
    await commits.settled();
    failing.clear();
    commits.commit(1, 20);
    await vi.advanceTimersByTimeAsync(5000);
    expect(sent).toEqual(['1:20']);
  });

  it('of one partition do not delay those of another', async () => {
    failing.add(1);
    commits.commit(1, 10);
    commits.commit(2, 5);
    await commits.settled();
    expect(sent).toEqual(['2:5']);
  });

  it('are dropped when the partition belongs to another process', async () => {
    failing.add(1);
    commits.commit(1, 10);
    await vi.advanceTimersByTimeAsync(0);
    commits.keepOnly([2]);
    failing.clear();
    await vi.advanceTimersByTimeAsync(5000);
    expect(sent).toEqual([]);
  });

  it('are sent even if an earlier one is never answered', async () => {
    const late: string[] = [];
    let isSilent = true;
    const some = createCommits(
      (partition, offset) => {
        if (isSilent) return new Promise(() => {});
        late.push(`${partition}:${offset}`);
        return Promise.resolve();
      },
      createLogger({ logLevel: 'silent' }),
    );
    some.commit(1, 10);
    await vi.advanceTimersByTimeAsync(1000);
    isSilent = false;
    some.commit(2, 5);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(late).toEqual(['2:5', '1:10']);
  });

  it('that arrive while others are being sent follow at once', async () => {
    commits.commit(1, 10);
    queueMicrotask(() => queueMicrotask(() => commits.commit(1, 20)));
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.at(-1)).toBe('1:20');
  });
});
