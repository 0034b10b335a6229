import { expect, it } from 'vitest';
import { poll } from '../../../../src/platform/background/poll.ts';

/** Polls every 10 ms for 30 ms, with a sleep function that only records its calls. */
function setUp() {
  const waits: number[] = [];
  const sleep = async (waitMs: number) => void waits.push(waitMs);
  return {
    waits,
    poll: <Answer>(look: () => Promise<Answer | undefined> | Answer | undefined) =>
      poll(look, { everyMs: 10, timeoutMs: 30 }, sleep),
  };
}

it('poll returns a result that is available immediately without waiting', async () => {
  const { poll, waits } = setUp();
  expect(await poll(() => 'there')).toBe('there');
  expect(waits).toEqual([]);
});

it('poll waits between attempts until an attempt returns a result', async () => {
  const { poll, waits } = setUp();
  let looks = 0;
  const answer = await poll(async () => {
    looks += 1;
    return looks < 3 ? undefined : looks;
  });
  expect(answer).toBe(3);
  expect(waits).toEqual([10, 10]);
});

it('poll tries once more after the last wait, and then returns undefined', async () => {
  const { poll, waits } = setUp();
  let looks = 0;
  const look = () => {
    looks += 1;
    return undefined;
  };
  expect(await poll(look)).toBeUndefined();
  expect([looks, waits]).toEqual([4, [10, 10, 10]]);
});

it('poll waits in real time by default', async () => {
  const startMs = performance.now();
  await poll(() => undefined, { everyMs: 5, timeoutMs: 20 });
  expect(performance.now() - startMs).toBeGreaterThan(15);
});
