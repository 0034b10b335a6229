import { beforeEach, expect, it, vi } from 'vitest';
import { poll } from '../../../../src/platform/background/poll.ts';

let waits: number[] = [];

vi.mock('node:timers/promises', () => ({ setTimeout: async (ms: number) => void waits.push(ms) }));

beforeEach(() => {
  waits = [];
});

it('returns the first answer, at once when there is one', async () => {
  expect(await poll(() => 'there', { everyMs: 10, timeoutMs: 30 })).toBe('there');
  expect(waits).toEqual([]);
});

it('looks again after each wait', async () => {
  let looks = 0;
  const answer = await poll(async () => (looks++ < 2 ? undefined : looks), { everyMs: 10, timeoutMs: 30 });
  expect(answer).toBe(3);
  expect(waits).toEqual([10, 10]);
});

it('looks a last time after the last wait, and then gives up', async () => {
  let looks = 0;
  const look = () => {
    looks += 1;
    return undefined;
  };
  expect(await poll(look, { everyMs: 10, timeoutMs: 30 })).toBeUndefined();
  expect([looks, waits]).toEqual([4, [10, 10, 10]]);
});
