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

describe('createCommits', () => {
  it('retries a failed commit, even if no later commit follows', async () => {
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

  it('commits only the newest offset of a partition', async () => {
    failing.add(1);
    commits.commit(1, 10);
    await commits.settled();
    failing.clear();
    commits.commit(1, 20);
    await vi.advanceTimersByTimeAsync(5000);
    expect(sent).toEqual(['1:20']);
  });

  it('does not delay a partition while the commits of another partition fail', async () => {
    failing.add(1);
    commits.commit(1, 10);
    commits.commit(2, 5);
    await commits.settled();
    expect(sent).toEqual(['2:5']);
  });

  it('drops commits for a partition that another process owns', async () => {
    failing.add(1);
    commits.commit(1, 10);
    await vi.advanceTimersByTimeAsync(0);
    commits.keepOnly([2]);
    failing.clear();
    await vi.advanceTimersByTimeAsync(5000);
    expect(sent).toEqual([]);
  });

  it('sends later commits even if an earlier commit gets no response', async () => {
    const late: string[] = [];
    let isSilent = true;
    const blockedCommits = createCommits(
      (partition, offset) => {
        if (isSilent) return new Promise(() => {});
        late.push(`${partition}:${offset}`);
        return Promise.resolve();
      },
      createLogger({ logLevel: 'silent' }),
    );
    blockedCommits.commit(1, 10);
    await vi.advanceTimersByTimeAsync(1000);
    isSilent = false;
    blockedCommits.commit(2, 5);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(late).toEqual(['2:5', '1:10']);
  });

  it('sends a commit without delay if it was requested during another commit', async () => {
    commits.commit(1, 10);
    queueMicrotask(() => queueMicrotask(() => commits.commit(1, 20)));
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.at(-1)).toBe('1:20');
  });
});
