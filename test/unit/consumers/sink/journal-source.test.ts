import { expect, it } from 'vitest';
import { createJournalSource } from '../../../../consumers/sources/journal-source.ts';
import { createDurableJournal } from '../../../../src/journal/log/durable-journal.ts';
import { noFailpoints } from '../../../../src/platform/failpoints.ts';
import { createLogger } from '../../../../src/platform/logger.ts';
import { sessionDraft } from '../../../support/arbitrary-events.ts';
import { createMemoryEventStore } from '../../../support/memory-event-store.ts';
import { createMemoryRecordLog, type MemoryRecordLog } from '../../../support/memory-record-log.ts';
import { newSink, sequencesIn, useFakeTime } from './rig.ts';

const logger = createLogger({ logLevel: 'silent' });

function openJournal(log: MemoryRecordLog) {
  const clock = { nowMs: () => Date.UTC(2026, 10, 21) };
  const config = { keepMs: 1e9, limitBytes: 1e9 };
  return createDurableJournal(config, { log, clock, failpoint: noFailpoints, logger });
}

function setUp() {
  const time = useFakeTime();
  const log = createMemoryRecordLog();
  const journal = openJournal(log);
  return {
    ...time,
    log,
    journal,
    source: createJournalSource(journal),
    async append(count: number) {
      for (let appended = 0; appended < count; appended += 1) void journal.append(sessionDraft());
      await time.advance(50);
    },
  };
}

it('the journal source returns each entry once, in order, with its identity', async () => {
  const { source, append } = setUp();
  await append(5);
  const messages = [...(await source.read(3)), ...(await source.read(3)), ...(await source.read(3))];
  expect(messages.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
  expect(messages.map(({ identity }) => identity?.sequence)).toEqual([1, 2, 3, 4, 5]);
});

it('a rewound journal source continues after the last committed position', async () => {
  const { source, append, journal } = setUp();
  await append(5);
  await source.read(5);
  await source.hint(2);
  source.rewind();
  expect((await source.read(9)).map(({ position }) => position)).toEqual([3, 4, 5]);
  expect(journal.status().pendingEvents).toBe(3);
});

it('the sink stores each event once across a crash that loses the cursor', async () => {
  const { source, append, log, journal, advance } = setUp();
  const store = createMemoryEventStore();
  const first = newSink({ source, store });
  first.start();
  await append(25);
  await advance(500);
  expect(sequencesIn(store)).toHaveLength(25);
  expect(journal.status().pendingEvents).toBe(0);
  expect(log.cursor()).toBeUndefined();

  const reopened = openJournal(log.reopen());
  expect(reopened.status().pendingEvents).toBe(25);
  const second = newSink({ source: createJournalSource(reopened), store });
  second.start();
  await advance(500);
  expect(sequencesIn(store)).toHaveLength(25);
  expect(reopened.status().pendingEvents).toBe(0);
});
