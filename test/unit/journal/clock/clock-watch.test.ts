import { expect, it } from 'vitest';
import { createClockWatch } from '../../../../src/journal/clock/clock-watch.ts';
import { defineJournalMetrics } from '../../../../src/journal/declarations/metrics.ts';
import { createLogger } from '../../../../src/platform/logger.ts';
import { createRegistry } from '../../../../src/platform/metrics.ts';
import { createTestClock, useFakeTime } from '../rig.ts';

const hourMs = 3_600_000;

function setUp() {
  const { advance } = useFakeTime();
  const { registry, factory } = createRegistry();
  const clock = createTestClock();
  const monotonic = { ms: 0 };
  const watch = createClockWatch({
    clock,
    monotonicMs: () => monotonic.ms,
    logger: createLogger({ logLevel: 'silent' }),
    metrics: defineJournalMetrics(factory),
  });
  /** Advances both clocks by `ms`, and the wall clock by an additional `stepMs`. */
  const pass = (ms: number, stepMs = 0) => {
    monotonic.ms += ms;
    clock.ms += ms + stepMs;
    watch.compare();
  };
  const steps = async (direction: string) => {
    const text = await registry.getSingleMetricAsString('watmeter_clock_steps_total');
    return Number(new RegExp(`direction="${direction}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  };
  return { watch, pass, steps, advance };
}

it('the clock watch reports a forward jump of more than one hour immediately, and shows it for 10 minutes', async () => {
  const { watch, pass, steps } = setUp();
  pass(1000, hourMs);
  expect(watch.trouble()).toBeUndefined();
  pass(1000, hourMs + 1);
  expect(watch.trouble()).toMatch(/^the clock jumped ahead.*\(3600 s\)$/);
  pass(599_999);
  expect(watch.trouble()).toBeDefined();
  pass(1);
  expect(watch.trouble()).toBeUndefined();
  expect(await steps('ahead')).toBe(1);
});

it('the clock watch does not report small clock differences, even if they add up to more than one hour', async () => {
  const { watch, pass, steps } = setUp();
  for (let step = 0; step < 500; step += 1) pass(1000, step % 2 === 0 ? 20_000 : -4000);
  expect(watch.trouble()).toBeUndefined();
  expect(await steps('ahead')).toBe(0);
});

it('the clock watch counts and shows a backward step that the journal reported', async () => {
  const { watch, pass, steps } = setUp();
  pass(1000);
  watch.steppedBack(10 * 24 * hourMs);
  expect(watch.trouble()).toMatch(/^the clock stepped back.*\(240 h\)$/);
  expect(await steps('back')).toBe(1);
});

it('the clock watch compares the clocks every second until it is stopped', async () => {
  const { watch, advance } = setUp();
  let calls = 0;
  watch.start(() => {
    calls += 1;
  });
  await advance(3500);
  expect(calls).toBe(3);
  await watch.stop();
  await advance(3500);
  expect(calls).toBe(3);
});
