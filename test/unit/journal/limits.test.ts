import { expect, it } from 'vitest';
import { createMemoryRecordLog } from '../../support/memory-record-log.ts';
import { attempt, attempts, createTestClock, entriesOf, holdTime, openJournal } from './rig.ts';

function setUp(config: { keepMs?: number; limitBytes?: number }) {
  const time = holdTime();
  const clock = createTestClock();
  const log = createMemoryRecordLog();
  const journal = openJournal(log, clock, config);
  return {
    time,
    clock,
    log,
    journal,
    /** The reader stores all there is. */
    drain() {
      const entries = journal.read(journal.startPosition(), 1e6);
      journal.acknowledge(journal.startPosition() + entries.length);
      return entries;
    },
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 500) {
        clock.ms += Math.min(500, left);
        await time.pass(Math.min(500, left));
      }
    },
    /** Appends one by one until one is refused. */
    async fill() {
      for (let count = 0; count < 10_000; count += 1) {
        const made = attempt(journal);
        await time.pass(10);
        if (made.error !== undefined) return { count, error: made.error };
      }
      throw new Error('the journal never filled');
    },
  };
}

it('refuses at the limit, and takes sessions again as soon as the reader is through', async () => {
  const { journal, log, fill, drain, pass } = setUp({ limitBytes: 20_000 });
  const { count, error } = await fill();
  expect(error).toMatchObject({ code: 'journal_unavailable', retryAfterSeconds: 5 });
  expect(error.message).toMatch(/full/);
  expect(journal.status()).toMatchObject({ accepting: false, pendingEvents: count, limitBytes: 20_000 });
  expect(log.usedBytes()).toBeLessThan(20_000 + 1000);

  expect(drain()).toHaveLength(count);
  expect(journal.status()).toMatchObject({ accepting: true, pendingEvents: 0 });
  const made = attempt(journal);
  await pass(10);
  expect(made.accepted?.sequence).toBe(count + 1);
});

it('is not locked up for ever when the commit that should make room fails', async () => {
  const { journal, log, fill, drain, pass } = setUp({ limitBytes: 20_000 });
  await fill();
  drain();
  log.fate = () => 'failed';
  const refused = attempt(journal);
  await pass(3000);
  expect(refused.error).toBeDefined();
  log.fate = () => 'done';
  await pass(3000);
  const made = attempt(journal);
  await pass(10);
  expect(made.accepted).toBeDefined();
});

it('keeps what was acknowledged for JOURNAL_KEEP, and lets it go then without any traffic', async () => {
  const { journal, log, drain, pass } = setUp({ keepMs: 60_000 });
  attempts(journal, 5);
  await pass(100);
  drain();
  await pass(59_000);
  expect(entriesOf(log)).toHaveLength(5);
  await pass(5000);
  expect(entriesOf(log)).toEqual([]);
});

it('numbers positions on after everything has gone, over a restart too', async () => {
  const { journal, log, clock, time, drain, pass } = setUp({ keepMs: 0 });
  attempts(journal, 5);
  await pass(100);
  drain();
  await pass(5000);
  await journal.close();
  expect(log.records()).toEqual([]);
  const next = openJournal(log, clock);
  attempt(next);
  await time.pass(100);
  expect(next.read(next.startPosition(), 10)).toMatchObject([{ position: 6, sequence: 1 }]);
});

it('writes the cursor down within two seconds, and on closing', async () => {
  const { journal, log, pass } = setUp({});
  attempts(journal, 5);
  await pass(100);
  journal.acknowledge(3);
  await pass(2000);
  expect(log.cursor()).toBe(3);
  journal.acknowledge(5);
  journal.acknowledge(4);
  await journal.close();
  expect(log.cursor()).toBe(5);
});

it('writes down a cursor that moved while another commit was under way', async () => {
  const { journal, log, pass } = setUp({});
  attempts(journal, 5);
  await pass(100);
  let release = () => {};
  log.fate = () => new Promise((resolve) => (release = () => resolve('done')));
  journal.acknowledge(3);
  attempt(journal);
  await pass(100);
  journal.acknowledge(5);
  log.fate = () => 'done';
  release();
  await pass(2000);
  expect(log.cursor()).toBe(5);
});

it('begins at the cursor after a crash, or before it: what was acknowledged last is read again', async () => {
  const { journal, log, clock, pass } = setUp({});
  attempts(journal, 5);
  await pass(100);
  journal.acknowledge(3);
  await pass(2000);
  journal.acknowledge(6);
  const next = openJournal(log.reopen(), clock);
  expect(next.startPosition()).toBe(3);
  expect(next.status().pendingEvents).toBe(3);
});

it('gives no event a time before the last one, though the clock was set back while the process was down', async () => {
  const { journal, log, clock, time, pass } = setUp({});
  const before = attempt(journal);
  await pass(100);
  clock.ms -= 3_600_000;
  const next = openJournal(log.reopen(), clock);
  const made = attempt(next);
  await time.pass(100);
  expect(made.accepted?.timeMs).toBe(before.accepted?.timeMs);
});

it('wakes its reader when an event comes, when it closes, and at the latest after the time given', async () => {
  const { journal, time } = setUp({});
  const woken: string[] = [];
  const wait = (name: string, position: number, timeoutMs: number) =>
    journal.waitFor(position, timeoutMs).then(() => woken.push(name));
  wait('timeout', 1, 50);
  wait('event', 1, 1e6);
  await time.pass(60);
  expect(woken).toEqual(['timeout']);
  attempt(journal);
  await time.pass(60);
  expect(woken).toEqual(['timeout', 'event']);
  wait('already there', 1, 1e6);
  wait('close', 2, 1e6);
  await time.pass(0);
  expect(woken).toEqual(['timeout', 'event', 'already there']);
  await journal.close();
  await wait('closed', 2, 1e6);
  expect(woken).toEqual(['timeout', 'event', 'already there', 'close', 'closed']);
});
