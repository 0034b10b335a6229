import { expect, it } from 'vitest';
import { createMemoryRecordLog } from '../../support/memory-record-log.ts';
import { attempt, attempts, createTestClock, openJournal, startMs, useFakeTime } from './rig.ts';

function setUp() {
  const time = useFakeTime();
  const clock = createTestClock();
  const log = createMemoryRecordLog();
  return { ...time, clock, log, journal: openJournal(log, clock) };
}

it('the watermark is the current time while no event is pending', async () => {
  const { journal, clock, advance } = setUp();
  expect(journal.completeThroughMs()).toBe(startMs);
  clock.ms += 60_000;
  expect(journal.completeThroughMs()).toBe(startMs + 60_000);
  attempts(journal, 3);
  await advance(10);
  journal.acknowledge(4);
  clock.ms += 60_000;
  expect(journal.completeThroughMs()).toBe(startMs + 120_000);
});

it('the watermark does not pass the oldest event that the reader has not acknowledged', async () => {
  const { journal, clock, advance } = setUp();
  for (const position of [1, 2, 3]) {
    clock.ms = startMs + position * 1000;
    attempt(journal);
    await advance(10);
  }
  clock.ms = startMs + 9000;
  for (const [acknowledged, throughMs] of [
    [1, 1000],
    [2, 2000],
    [3, 3000],
    [4, 9000],
  ] as const) {
    journal.acknowledge(acknowledged);
    expect(journal.completeThroughMs()).toBe(startMs + throughMs);
  }
});

it('the watermark does not pass an event whose commit is in progress', async () => {
  const { journal, clock, log, advance } = setUp();
  let release = () => {};
  log.outcome = () => new Promise((resolve) => (release = () => resolve('done')));
  const append = attempt(journal);
  await advance(10);
  clock.ms += 60_000;
  expect(journal.completeThroughMs()).toBe(startMs);
  release();
  await advance(10);
  expect(append.accepted?.timeMs).toBe(startMs);
  expect(journal.completeThroughMs()).toBe(startMs);
});

it('no event gets a time before the watermark, even if the clock is a few seconds behind', async () => {
  const { journal, clock, advance } = setUp();
  const throughMs = journal.completeThroughMs();
  clock.ms -= 5000;
  const append = attempt(journal);
  await advance(10);
  expect(append.accepted?.timeMs).toBe(throughMs);
});

it('the watermark moves back to the time of an event that was stored although its commit failed', async () => {
  const { journal, clock, log, advance } = setUp();
  log.outcome = () => 'failed-but-done';
  attempt(journal);
  await advance(10);
  clock.ms += 60_000;
  expect(journal.completeThroughMs()).toBe(startMs);
});
