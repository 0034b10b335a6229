import { expect, it } from 'vitest';
import { createMemoryRecordLog } from '../../support/memory-record-log.ts';
import { attempt, attempts, createTestClock, holdTime, openJournal, startMs } from './rig.ts';

function setUp() {
  const time = holdTime();
  const clock = createTestClock();
  const log = createMemoryRecordLog();
  return { ...time, clock, log, journal: openJournal(log, clock) };
}

it('is the present while nothing waits: an answer is complete up to now', async () => {
  const { journal, clock, pass } = setUp();
  expect(journal.completeThroughMs()).toBe(startMs);
  clock.ms += 60_000;
  expect(journal.completeThroughMs()).toBe(startMs + 60_000);
  attempts(journal, 3);
  await pass(10);
  journal.acknowledge(4);
  clock.ms += 60_000;
  expect(journal.completeThroughMs()).toBe(startMs + 120_000);
});

it('stays at the oldest event that the reader has not acknowledged', async () => {
  const { journal, clock, pass } = setUp();
  for (const position of [1, 2, 3]) {
    clock.ms = startMs + position * 1000;
    attempt(journal);
    await pass(10);
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

it('stays at an event whose commit is still under way', async () => {
  const { journal, clock, log, pass } = setUp();
  let release = () => {};
  log.fate = () => new Promise((resolve) => (release = () => resolve('done')));
  const made = attempt(journal);
  await pass(10);
  clock.ms += 60_000;
  expect(journal.completeThroughMs()).toBe(startMs);
  release();
  await pass(10);
  expect(made.accepted?.timeMs).toBe(startMs);
  expect(journal.completeThroughMs()).toBe(startMs);
});

it('binds the clock: what was promised to be complete stays so when the clock steps back', async () => {
  const { journal, clock, pass } = setUp();
  const throughMs = journal.completeThroughMs();
  clock.ms -= 60_000;
  const made = attempt(journal);
  await pass(10);
  expect(made.accepted?.timeMs).toBe(throughMs);
});

it('binds the clock over a restart too, from the moment of opening', async () => {
  const { journal, clock, log, pass } = setUp();
  const throughMs = journal.completeThroughMs();
  const next = openJournal(log.reopen(), clock);
  clock.ms -= 60_000;
  const made = attempt(next);
  await pass(10);
  expect(made.accepted?.timeMs).toBe(throughMs);
});

it('comes back to an event that was stored although its commit failed', async () => {
  const { journal, clock, log, pass } = setUp();
  log.fate = () => 'failed-but-done';
  attempt(journal);
  await pass(10);
  clock.ms += 60_000;
  expect(journal.completeThroughMs()).toBe(startMs);
});
