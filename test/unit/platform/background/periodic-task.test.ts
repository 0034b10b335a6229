import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createPeriodic, createPeriodicTask } from '../../../../src/platform/background/periodic-task.ts';
import type { Logger } from '../../../../src/platform/logger.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const advance = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('createPeriodic', () => {
  it('calls the function after each interval until it is stopped', async () => {
    let runs = 0;
    const periodic = createPeriodic({ everyMs: 100 }, async () => {
      runs += 1;
    });
    await advance(1000);
    expect(runs).toBe(0);
    periodic.start();
    await advance(99);
    expect(runs).toBe(0);
    await advance(201);
    expect(runs).toBe(3);
    await periodic.stop();
    await advance(1000);
    expect(runs).toBe(3);
  });

  it('never overlaps runs, and waits for the current run when it is stopped', async () => {
    const ends: (() => void)[] = [];
    const periodic = createPeriodic({ everyMs: 100 }, () => new Promise((resolve) => ends.push(resolve)));
    periodic.start();
    await advance(550);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await advance(100);
    expect(ends).toHaveLength(2);
    let isStopped = false;
    const stopped = periodic.stop().then(() => {
      isStopped = true;
    });
    await advance(1000);
    expect([ends.length, isStopped]).toEqual([2, false]);
    ends[1]?.();
    await stopped;
  });

  it('keeps the process alive only if keepsProcess is true', async () => {
    vi.useRealTimers();
    const timers = vi.spyOn(globalThis, 'setInterval');
    for (const keepsProcess of [true, false]) {
      const periodic = createPeriodic({ everyMs: 100, keepsProcess }, async () => {});
      periodic.start();
      onTestFinished(() => periodic.stop());
    }
    expect(timers.mock.results.map(({ value }) => value.hasRef())).toEqual([true, false]);
    timers.mockRestore();
  });
});

it('createPeriodicTask continues after failures, and logs the first failure in a row and the recovery', async () => {
  const lines: unknown[] = [];
  const log = (fields: object) => void lines.push(fields);
  let isDown = false;
  const task = createPeriodicTask(
    'names',
    100,
    async () => {
      if (isDown) throw new Error('away');
    },
    { info: log, warn: log } as unknown as Logger,
  );
  await task.start?.();
  await advance(300);
  expect(lines).toEqual([]);
  isDown = true;
  await advance(300);
  expect(lines).toEqual([{ watch: 'names', reason: 'away' }]);
  isDown = false;
  await advance(300);
  expect(lines).toEqual([{ watch: 'names', reason: 'away' }, { watch: 'names' }]);
  await task.stop?.();
});
