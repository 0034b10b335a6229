import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRestartingSink } from '../../../../consumers/sink/restarting-sink.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Creates a restarting sink whose inner sinks only record their calls. `lose` makes an inner sink lose its partition. */
function setUp() {
  const created: { calls: string[]; lose: () => void }[] = [];
  const sink = createRestartingSink((lose) => {
    const calls: string[] = [];
    const name = `sink ${created.length + 1}`;
    created.push({ calls, lose });
    return {
      start: () => void calls.push('start'),
      stop: async () => void calls.push('stop'),
      trouble: () => name,
    };
  }, 5000);
  return { sink, created };
}

it('the restarting sink starts a new sink 5 seconds after the current sink has lost its partition', async () => {
  const { sink, created } = setUp();
  sink.start();
  created[0]?.lose();
  await vi.advanceTimersByTimeAsync(4999);
  expect(created).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(created.map(({ calls }) => calls)).toEqual([['start'], ['start']]);
  expect(sink.trouble()).toBe('sink 2');
  await sink.stop();
  expect(created[1]?.calls).toEqual(['start', 'stop']);
});

it('the restarting sink does not start another sink after it was stopped', async () => {
  const { sink, created } = setUp();
  sink.start();
  created[0]?.lose();
  await sink.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(created).toHaveLength(1);
});
