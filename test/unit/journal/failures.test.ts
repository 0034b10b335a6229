import { expect, it } from 'vitest';
import { createMemoryRecordLog, type MemoryRecordLog } from '../../support/memory-record-log.ts';
import { attempt, attempts, createTestClock, entriesOf, openJournal, useFakeTime } from './rig.ts';

const refusal = { code: 'journal_unavailable', retryAfterSeconds: 5 };

function setUp(log: MemoryRecordLog = createMemoryRecordLog()) {
  const time = useFakeTime();
  const clock = createTestClock();
  return { time, clock, log, journal: openJournal(log, clock) };
}

it.each(['failed', 'failed-but-done'] as const)(
  'the journal starts a new producer after a commit with the outcome %s',
  async (outcome) => {
    const { time, log, journal } = setUp();
    const [before] = attempts(journal, 1);
    await time.advance(10);
    log.outcome = () => outcome;
    const refused = attempts(journal, 3);
    await time.advance(10);
    log.outcome = () => 'done';
    const [after] = attempts(journal, 1);
    await time.advance(10);

    expect(refused.map(({ error }) => error)).toMatchObject([refusal, refusal, refusal]);
    expect(before?.accepted?.sequence).toBe(1);
    expect(after?.accepted).toMatchObject({ sequence: 1 });
    expect(after?.accepted?.producer).not.toBe(before?.accepted?.producer);
    expect(entriesOf(log).map(({ sequence }) => sequence)).toEqual(
      outcome === 'failed' ? [1, 1] : [1, 2, 3, 4, 1],
    );
  },
);

it('the reader receives an event that is on disk although its append was rejected', async () => {
  const { time, log, journal } = setUp();
  log.outcome = () => 'failed-but-done';
  attempt(journal);
  await time.advance(10);
  expect(journal.status()).toMatchObject({ pendingEvents: 1, accepting: false });
  expect(journal.read(journal.startPosition(), 10)).toHaveLength(1);
});

it('the journal queues 20,000 appends in order during a long commit, and rejects further appends', async () => {
  const { time, log, journal } = setUp();
  let release = () => {};
  log.outcome = () => new Promise((resolve) => (release = () => resolve('done')));
  const first = attempt(journal);
  await time.advance(60_000);
  log.outcome = () => 'done';
  const appends = attempts(journal, 20_001);
  await time.advance(60_000);
  expect(first.accepted).toBeUndefined();
  expect(appends.at(-1)?.error).toMatchObject(refusal);
  release();
  await time.advance(1000);
  const sequences = [first, ...appends.slice(0, -1)].map(({ accepted }) => accepted?.sequence);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
});

it('the journal rejects appends while the log cannot be read, and accepts them again afterwards', async () => {
  const log = createMemoryRecordLog();
  const { time, journal } = setUp(log);
  const working = { last: log.last, usedBytes: log.usedBytes, recordsFrom: log.recordsFrom };
  const broken = () => {
    throw new Error('MDB_PANIC');
  };
  attempt(journal);
  await time.advance(10);
  log.outcome = () => 'failed-but-done';
  Object.assign(log, { last: broken, usedBytes: broken, recordsFrom: broken });
  const appends = attempts(journal, 2);
  await time.advance(3000);
  const later = attempt(journal);
  await time.advance(3000);
  expect([...appends, later].map(({ error }) => error)).toMatchObject([refusal, refusal, refusal]);

  Object.assign(log, working);
  log.outcome = () => 'done';
  const [after] = attempts(journal, 1);
  await time.advance(3000);
  expect(after?.accepted).toMatchObject({ sequence: 1 });
  expect(journal.status().accepting).toBe(true);
});

it('the journal never overwrites a record that was stored although its commit failed, even if the log was unreadable at that time', async () => {
  const log = createMemoryRecordLog();
  const { time, journal } = setUp(log);
  const { last } = log;
  log.outcome = () => 'failed-but-done';
  log.last = () => {
    throw new Error('MDB_PANIC');
  };
  attempt(journal);
  await time.advance(10);
  journal.acknowledge(2);
  Object.assign(log, { last, outcome: () => 'done' });
  const after = attempt(journal);
  await time.advance(3000);
  expect(after.accepted).toMatchObject({ sequence: 1 });
  expect(journal.read(journal.startPosition(), 10)).toMatchObject([{ position: 2 }]);
});

it('the journal reports again that it accepts events only after a write has succeeded', async () => {
  const { time, log, journal } = setUp();
  log.outcome = () => 'failed';
  attempt(journal);
  await time.advance(10);
  // On a full disk, a commit succeeds if it writes nothing.
  log.outcome = ({ put, remove = [], cursor }) =>
    put === undefined && remove.length === 0 && cursor === undefined ? 'done' : 'failed';
  await time.advance(5000);
  expect(journal.status().accepting).toBe(false);
  log.outcome = () => 'done';
  await time.advance(2000);
  expect(journal.status().accepting).toBe(true);
});

it('closing the journal while the disk fails rejects pending appends and closes the log', async () => {
  const { time, log, journal } = setUp();
  let isClosed = false;
  log.close = async () => {
    isClosed = true;
  };
  log.outcome = () => 'failed';
  const appends = attempts(journal, 3);
  const closing = journal.close();
  const late = attempt(journal);
  await time.advance(3000);
  await closing;
  expect(appends.map(({ error }) => error)).toMatchObject([refusal, refusal, refusal]);
  expect(late.error).toMatchObject(refusal);
  expect(isClosed).toBe(true);
});
