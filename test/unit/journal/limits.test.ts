import { expect, it } from 'vitest';
import { createMemoryRecordLog } from '../../support/memory-record-log.ts';
import { attempt, attempts, createTestClock, entriesOf, openJournal, useFakeTime } from './rig.ts';

function setUp(config: { keepMs?: number; limitBytes?: number }) {
  const time = useFakeTime();
  const clock = createTestClock();
  const log = createMemoryRecordLog();
  const journal = openJournal(log, clock, config);
  return {
    time,
    clock,
    log,
    journal,
    /** Acknowledges all entries, like a reader that has stored them. */
    drain() {
      const entries = journal.read(journal.startPosition(), 1e6);
      journal.acknowledge(journal.startPosition() + entries.length);
      return entries;
    },
    async advance(ms: number) {
      for (let remaining = ms; remaining > 0; remaining -= 500) {
        clock.ms += Math.min(500, remaining);
        await time.advance(Math.min(500, remaining));
      }
    },
    /** Appends one event at a time until an append is rejected. */
    async fill() {
      for (let count = 0; count < 10_000; count += 1) {
        const append = attempt(journal);
        await time.advance(10);
        if (append.error !== undefined) return { count, error: append.error };
      }
      throw new Error('the journal never filled');
    },
  };
}

it('the journal rejects appends at its limit, and accepts them again as soon as the reader has acknowledged events', async () => {
  const { journal, log, fill, drain, advance } = setUp({ limitBytes: 20_000 });
  const { count, error } = await fill();
  expect(error).toMatchObject({ code: 'journal_unavailable', retryAfterSeconds: 5 });
  expect(error.message).toMatch(/full/);
  expect(journal.status()).toMatchObject({ accepting: false, pendingEvents: count, limitBytes: 20_000 });
  expect(log.usedBytes()).toBeLessThan(20_000 + 1000);
  expect(journal.pendingBytes()).toBe(log.usedBytes());

  expect(drain()).toHaveLength(count);
  expect(journal.status()).toMatchObject({ accepting: true, pendingEvents: 0 });
  expect(journal.pendingBytes()).toBe(0);
  const append = attempt(journal);
  await advance(10);
  expect(append.accepted?.sequence).toBe(count + 1);
});

it('the journal accepts events again after a failed commit that should have freed space', async () => {
  const { journal, log, fill, drain, advance } = setUp({ limitBytes: 20_000 });
  await fill();
  drain();
  log.outcome = () => 'failed';
  const refused = attempt(journal);
  await advance(3000);
  expect(refused.error).toBeDefined();
  log.outcome = () => 'done';
  await advance(3000);
  const append = attempt(journal);
  await advance(10);
  expect(append.accepted).toBeDefined();
});

it('the journal keeps acknowledged events for JOURNAL_KEEP and then removes them, even if no new events arrive', async () => {
  const { journal, log, drain, advance } = setUp({ keepMs: 60_000 });
  attempts(journal, 5);
  await advance(100);
  drain();
  await advance(59_000);
  expect(entriesOf(log)).toHaveLength(5);
  await advance(5000);
  expect(entriesOf(log)).toEqual([]);
});

it('journal positions continue after all records are removed, and after a restart', async () => {
  const { journal, log, clock, time, drain, advance } = setUp({ keepMs: 0 });
  attempts(journal, 5);
  await advance(100);
  drain();
  await advance(5000);
  await journal.close();
  expect(log.records()).toEqual([]);
  const next = openJournal(log, clock);
  attempt(next);
  await time.advance(100);
  expect(next.read(next.startPosition(), 10)).toMatchObject([{ position: 6, sequence: 1 }]);
});

it('the journal stores the cursor within two seconds, and when the journal is closed', async () => {
  const { journal, log, advance } = setUp({});
  attempts(journal, 5);
  await advance(100);
  journal.acknowledge(3);
  await advance(2000);
  expect(log.cursor()).toBe(3);
  journal.acknowledge(5);
  journal.acknowledge(4);
  await journal.close();
  expect(log.cursor()).toBe(5);
});

it('the journal stores a cursor that moved during another commit', async () => {
  const { journal, log, advance } = setUp({});
  attempts(journal, 5);
  await advance(100);
  let release = () => {};
  log.outcome = () => new Promise((resolve) => (release = () => resolve('done')));
  journal.acknowledge(3);
  attempt(journal);
  await advance(100);
  journal.acknowledge(5);
  log.outcome = () => 'done';
  release();
  await advance(2000);
  expect(log.cursor()).toBe(5);
});

it('the journal starts at the stored cursor after a crash, so that events acknowledged after that cursor are read again', async () => {
  const { journal, log, clock, advance } = setUp({});
  attempts(journal, 5);
  await advance(100);
  journal.acknowledge(3);
  await advance(2000);
  journal.acknowledge(6);
  const next = openJournal(log.reopen(), clock);
  expect(next.startPosition()).toBe(3);
  expect(next.status().pendingEvents).toBe(3);
});

it('the journal wakes a waiting reader when an event arrives, when the journal is closed, and after the timeout', async () => {
  const { journal, time } = setUp({});
  const woken: string[] = [];
  const wait = (name: string, position: number, timeoutMs: number) =>
    journal.waitFor(position, timeoutMs).then(() => woken.push(name));
  wait('timeout', 1, 50);
  wait('event', 1, 1e6);
  await time.advance(60);
  expect(woken).toEqual(['timeout']);
  attempt(journal);
  await time.advance(60);
  expect(woken).toEqual(['timeout', 'event']);
  wait('already there', 1, 1e6);
  wait('close', 2, 1e6);
  await time.advance(0);
  expect(woken).toEqual(['timeout', 'event', 'already there']);
  await journal.close();
  await wait('closed', 2, 1e6);
  expect(woken).toEqual(['timeout', 'event', 'already there', 'close', 'closed']);
});
