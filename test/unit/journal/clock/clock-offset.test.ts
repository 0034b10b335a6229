import { expect, it } from 'vitest';
import { createClockOffset } from '../../../../src/journal/clock/clock-offset.ts';
import { createLogger } from '../../../../src/platform/logger.ts';
import { createManualClock } from '../../tokens/support/control.ts';

const logger = createLogger({ logLevel: 'silent' });
const startMs = Date.UTC(2026, 11, 1);

/** Creates the comparison with a clock that is `behindMs` behind this clock. Its query takes 100 ms. */
function start(behindMs: number) {
  const clock = createManualClock(startMs);
  return createClockOffset({
    async readOtherMs() {
      clock.ms += 100;
      return clock.ms - behindMs;
    },
    ...{ clock, logger },
  });
}

it.each([
  { behindMs: 0, offsetMs: 0, trouble: undefined },
  { behindMs: 60, offsetMs: 0, trouble: undefined },
  { behindMs: 2100, offsetMs: 2000, trouble: undefined },
  {
    behindMs: 7_200_100,
    offsetMs: 7_200_000,
    trouble: /^the clock is 7200 s ahead of the clock of the control store/,
  },
  { behindMs: -5000, offsetMs: -5000, trouble: /^the clock is 5 s behind the clock/ },
])('an offset of $behindMs ms is measured, and readiness reports it beyond 2 s', async (given) => {
  const offset = start(given.behindMs);
  expect([offset.offsetMs(), offset.check.trouble()]).toEqual([0, undefined]);
  await offset.measure();
  expect(offset.offsetMs()).toBe(given.offsetMs);
  if (given.trouble === undefined) expect(offset.check.trouble()).toBeUndefined();
  else expect(offset.check.trouble()).toMatch(given.trouble);
  expect(offset.check.isHarmless).toBe(true);
});
