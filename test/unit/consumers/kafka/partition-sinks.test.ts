import { expect, it, onTestFinished, vi } from 'vitest';
import { createPartitionSinks } from '../../../../consumers/kafka/partition-sinks.ts';
import { createMetrics } from '../../../../src/app/metrics.ts';
import { noFailpoints } from '../../../../src/platform/failpoints.ts';
import type { Logger } from '../../../../src/platform/logger.ts';
import { createMemoryEventStore } from '../../../support/memory-event-store.ts';

/** Creates sinks whose start offsets come from `startOffset`. `failed` lists the partitions with a logged error. */
function setUp(startOffset: (partition: number) => Promise<number>) {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const failed: unknown[] = [];
  const logger = {
    info: () => {},
    warn: () => {},
    error: ({ partition }: { partition: number }) => void failed.push(partition),
  } as unknown as Logger;
  const feed = { startOffset, commit: () => {}, pause: () => {}, resume: () => {}, seek: () => {} };
  const sinks = createPartitionSinks(
    { maxRows: 10, lingerMs: 0, maxInserts: 1, lostWaitMs: 1000, openTimeoutMs: 20_000 },
    {
      ...{ feed, logger, openStore: () => createMemoryEventStore(), sourceName: 'topic' },
      ...{ failpoint: noFailpoints, metrics: createMetrics() },
    },
  );
  return { sinks, failed };
}

it('a partition whose start offset cannot be read is retried every second and logged once', async () => {
  let calls = 0;
  const { sinks, failed } = setUp(async () => {
    calls += 1;
    throw new Error('no coordinator');
  });
  sinks.assign([3]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls).toBeGreaterThan(50);
  expect(failed).toEqual([3]);
  expect(sinks.trouble()).toBe('partition 3 cannot be opened: no coordinator');
  await sinks.stop();
});

it('a partition that was opened and then fails again is logged again', async () => {
  let isDown = true;
  const { sinks, failed } = setUp(async () => {
    if (isDown) throw new Error('no coordinator');
    return 0;
  });
  sinks.assign([3]);
  await vi.advanceTimersByTimeAsync(5000);
  isDown = false;
  await vi.advanceTimersByTimeAsync(5000);
  expect(sinks.partitions()).toEqual([3]);
  sinks.assign([]);
  await vi.advanceTimersByTimeAsync(5000);
  isDown = true;
  sinks.assign([3]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(failed).toEqual([3, 3]);
  await sinks.stop();
});

it('a partition whose start offset never arrives is reported and retried after the time limit', async () => {
  let calls = 0;
  const { sinks, failed } = setUp(() => {
    calls += 1;
    return calls === 1 ? new Promise(() => {}) : Promise.resolve(0);
  });
  sinks.assign([3]);
  await vi.advanceTimersByTimeAsync(20_500);
  expect(sinks.trouble()).toContain('partition 3 cannot be opened');
  expect(failed).toEqual([3]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sinks.partitions()).toEqual([3]);
  await sinks.stop();
});
