import { expect, it } from 'vitest';
import { createMemoryRecordLog, type MemoryRecordLog } from '../../support/memory-record-log.ts';
import { attempt, attempts, createTestClock, entriesOf, holdTime, openJournal } from './rig.ts';

const refusal = { code: 'journal_unavailable', retryAfterSeconds: 5 };

function setUp(log: MemoryRecordLog = createMemoryRecordLog()) {
  const time = holdTime();
  const clock = createTestClock();
  return { time, clock, log, journal: openJournal(log, clock) };
}

it.each(['failed', 'failed-but-done'] as const)(
  'begins a new producer after a commit that %s',
  async (fate) => {
    const { time, log, journal } = setUp();
    const [before] = attempts(journal, 1);
    await time.pass(10);
    log.fate = () => fate;
    const refused = attempts(journal, 3);
    await time.pass(10);
    log.fate = () => 'done';
    const [after] = attempts(journal, 1);
    await time.pass(10);

    expect(refused.map(({ error }) => error)).toMatchObject([refusal, refusal, refusal]);
    expect(before?.accepted?.sequence).toBe(1);
    expect(after?.accepted).toMatchObject({ sequence: 1 });
    expect(after?.accepted?.producer).not.toBe(before?.accepted?.producer);
    expect(entriesOf(log).map(({ sequence }) => sequence)).toEqual(
      fate === 'failed' ? [1, 1] : [1, 2, 3, 4, 1],
    );
  },
);

it('shows the reader an event of a refused exchange too, once it is on disk', async () => {
  const { time, log, journal } = setUp();
  log.fate = () => 'failed-but-done';
  attempt(journal);
  await time.pass(10);
  expect(journal.status()).toMatchObject({ pendingEvents: 1, accepting: false });
  expect(journal.read(journal.startPosition(), 10)).toHaveLength(1);
});

it('lets what comes during a long commit wait, in order, and refuses only what is too much', async () => {
  const { time, log, journal } = setUp();
  let release = () => {};
  log.fate = () => new Promise((resolve) => (release = () => resolve('done')));
  const first = attempt(journal);
  await time.pass(60_000);
  log.fate = () => 'done';
  const made = attempts(journal, 20_001);
  await time.pass(60_000);
  expect(first.accepted).toBeUndefined();
  expect(made.at(-1)?.error).toMatchObject(refusal);
  release();
  await time.pass(1000);
  const sequences = [first, ...made.slice(0, -1)].map(({ accepted }) => accepted?.sequence);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
});

it('refuses, and neither hangs nor ends the process, when the log cannot even be read', async () => {
  const log = createMemoryRecordLog();
  const { time, journal } = setUp(log);
  const sound = { last: log.last, usedBytes: log.usedBytes, recordsFrom: log.recordsFrom };
  const broken = () => {
    throw new Error('MDB_PANIC');
  };
  attempt(journal);
  await time.pass(10);
  log.fate = () => 'failed-but-done';
  Object.assign(log, { last: broken, usedBytes: broken, recordsFrom: broken });
  const made = attempts(journal, 2);
  await time.pass(3000);
  const later = attempt(journal);
  await time.pass(3000);
  expect([...made, later].map(({ error }) => error)).toMatchObject([refusal, refusal, refusal]);

  Object.assign(log, sound);
  log.fate = () => 'done';
  const [after] = attempts(journal, 1);
  await time.pass(3000);
  expect(after?.accepted).toMatchObject({ sequence: 1 });
  expect(journal.status().accepting).toBe(true);
});

it('never writes over a record whose commit failed but was done, even if the log could not be read then', async () => {
  const log = createMemoryRecordLog();
  const { time, journal } = setUp(log);
  const { last } = log;
  log.fate = () => 'failed-but-done';
  log.last = () => {
    throw new Error('MDB_PANIC');
  };
  attempt(journal);
  await time.pass(10);
  journal.acknowledge(2);
  Object.assign(log, { last, fate: () => 'done' });
  const after = attempt(journal);
  await time.pass(3000);
  expect(after.accepted).toMatchObject({ sequence: 1 });
  expect(journal.read(journal.startPosition(), 10)).toMatchObject([{ position: 2 }]);
});

it('does not call itself well again before something was really written', async () => {
  const { time, log, journal } = setUp();
  log.fate = () => 'failed';
  attempt(journal);
  await time.pass(10);
  // A full disk takes a commit without content.
  log.fate = ({ put, remove = [], cursor }) =>
    put === undefined && remove.length === 0 && cursor === undefined ? 'done' : 'failed';
  await time.pass(5000);
  expect(journal.status().accepting).toBe(false);
  log.fate = () => 'done';
  await time.pass(2000);
  expect(journal.status().accepting).toBe(true);
});

it('ends well while the disk fails: what waits is refused, the log is closed', async () => {
  const { time, log, journal } = setUp();
  let closed = false;
  log.close = async () => {
    closed = true;
  };
  log.fate = () => 'failed';
  const made = attempts(journal, 3);
  const closing = journal.close();
  const late = attempt(journal);
  await time.pass(3000);
  await closing;
  expect(made.map(({ error }) => error)).toMatchObject([refusal, refusal, refusal]);
  expect(late.error).toMatchObject(refusal);
  expect(closed).toBe(true);
});
