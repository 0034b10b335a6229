import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRestartingSink } from '../../../../consumers/sink/restarting-sink.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Sinks that only note what is asked of them; each can be told that it lost its partition. */
function setUp() {
  const made: { calls: string[]; lose: () => void }[] = [];
  const sink = createRestartingSink((lose) => {
    const calls: string[] = [];
    const name = `sink ${made.length + 1}`;
    made.push({ calls, lose });
    return {
      start: () => void calls.push('start'),
      stop: async () => void calls.push('stop'),
      trouble: () => name,
    };
  }, 5000);
  return { sink, made };
}

it('begins anew, with a new sink, when its partition was lost and the wait is over', async () => {
  const { sink, made } = setUp();
  sink.start();
  made[0]?.lose();
  await vi.advanceTimersByTimeAsync(4999);
  expect(made).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(made.map(({ calls }) => calls)).toEqual([['start'], ['start']]);
  expect(sink.trouble()).toBe('sink 2');
  await sink.stop();
  expect(made[1]?.calls).toEqual(['start', 'stop']);
});

it('does not come back once it was stopped', async () => {
  const { sink, made } = setUp();
  sink.start();
  made[0]?.lose();
  await sink.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(made).toHaveLength(1);
});
