import { expect, it } from 'vitest';
import { createMemoryRecordLog } from '../../support/memory-record-log.ts';
import { attempt, createTestClock, entriesOf, openJournal, startMs, useFakeTime } from './rig.ts';

const dayMs = 86_400_000;

function setUp() {
  const steps: number[] = [];
  const clock = createTestClock();
  const log = createMemoryRecordLog();
  const journal = openJournal(log, clock, { onStepBack: (stepMs) => steps.push(stepMs) });
  return { ...useFakeTime(), clock, log, journal, steps };
}

async function appendAt({ clock, journal, advance }: ReturnType<typeof setUp>, ms: number) {
  clock.ms = ms;
  const { accepted } = await settle(attempt(journal), advance);
  return accepted;
}

async function settle(append: ReturnType<typeof attempt>, advance: (ms: number) => Promise<void>) {
  await advance(10);
  return append;
}

it('the journal misdates only the session that it accepted while the clock was 10 days ahead', async () => {
  const rig = setUp();
  const before = await appendAt(rig, startMs);
  const ahead = await appendAt(rig, startMs + 10 * dayMs);
  const after = await appendAt(rig, startMs + 1000);
  expect([before, ahead, after].map((accepted) => accepted?.timeMs)).toEqual([
    startMs,
    startMs + 10 * dayMs,
    startMs + 1000,
  ]);
  expect(ahead?.producer).toBe(before?.producer);
  expect(after).toMatchObject({ sequence: 1 });
  expect(after?.producer).not.toBe(before?.producer);
  expect(rig.steps).toEqual([10 * dayMs - 1000]);
  expect(entriesOf(rig.log).map(({ position }) => position)).toEqual([1, 2, 3]);
});

it('a restarted journal dates sessions correctly although the clock was 10 days ahead before the restart', async () => {
  const rig = setUp();
  await appendAt(rig, startMs + 10 * dayMs);
  rig.clock.ms = startMs + 2000;
  const restarted = openJournal(rig.log.reopen(), rig.clock);
  const { accepted } = await settle(attempt(restarted), rig.advance);
  expect(accepted?.timeMs).toBe(startMs + 2000);
});

it('after a backward clock step of 5 s, the journal keeps its producer and event time, and does not report the step', async () => {
  const rig = setUp();
  const before = await appendAt(rig, startMs);
  const after = await appendAt(rig, startMs - 5000);
  expect(after).toMatchObject({ producer: before?.producer, sequence: 2, timeMs: startMs });
  expect(rig.steps).toEqual([]);
});

it('the watermark is never later than the clock, and the journal reports a backward clock step even without appends', async () => {
  const { clock, journal, steps } = setUp();
  clock.ms = startMs + dayMs;
  expect(journal.completeThroughMs()).toBe(startMs + dayMs);
  clock.ms = startMs;
  journal.followClock();
  expect(steps).toEqual([dayMs]);
  expect(journal.completeThroughMs()).toBe(startMs);
  clock.ms = startMs - 3000;
  expect(journal.completeThroughMs()).toBe(startMs - 3000);
});

it('after a backward clock step, the watermark does not pass the pending events of the old and the new producer', async () => {
  const rig = setUp();
  const { clock, journal } = rig;
  await appendAt(rig, startMs + 10 * dayMs);
  await appendAt(rig, startMs);
  clock.ms = startMs + 60_000;
  expect(journal.completeThroughMs()).toBe(startMs);
  journal.acknowledge(2);
  expect(journal.completeThroughMs()).toBe(startMs);
  journal.acknowledge(3);
  expect(journal.completeThroughMs()).toBe(startMs + 60_000);
});

it('after a restart, the watermark does not pass a pending event, even if another pending event has a time 10 days ahead', async () => {
  const rig = setUp();
  await appendAt(rig, startMs + 10 * dayMs);
  await appendAt(rig, startMs);
  rig.clock.ms = startMs + 60_000;
  const restarted = openJournal(rig.log.reopen(), rig.clock);
  expect(restarted.completeThroughMs()).toBe(startMs);
});

it('a commit that is in progress during a backward clock step keeps the identities of its events', async () => {
  const { clock, log, journal, advance, steps } = setUp();
  let release = () => {};
  log.outcome = () => new Promise((resolve) => (release = () => resolve('done')));
  const first = attempt(journal);
  await advance(10);
  clock.ms -= 60_000;
  journal.followClock();
  expect(steps).toEqual([]);
  log.outcome = () => 'done';
  release();
  await advance(10);
  const second = await settle(attempt(journal), advance);
  expect(first.accepted).toMatchObject({ sequence: 1, timeMs: startMs });
  expect(second.accepted).toMatchObject({ sequence: 1, timeMs: startMs - 60_000 });
  expect(steps).toEqual([60_000]);
});
