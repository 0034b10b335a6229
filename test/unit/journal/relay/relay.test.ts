import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMetrics } from '../../../../src/app/metrics.ts';
import type { JournalEntry } from '../../../../src/journal/log/journal.ts';
import { createRelay, type RelayTarget } from '../../../../src/journal/relay/relay.ts';
import { noFailpoints } from '../../../../src/platform/failpoints.ts';
import { createLogger } from '../../../../src/platform/logger.ts';
import { sessionDraft } from '../../../support/arbitrary-events.ts';
import { createDeferred } from '../../../support/deferred.ts';
import { letEventLoopTurn } from '../../../support/event-loop.ts';
import { createMemoryRecordLog } from '../../../support/memory-record-log.ts';
import { createTestClock, openJournal } from '../rig.ts';

const logger = createLogger({ logLevel: 'silent' });

/** Creates a target that stores all, some or none of the events of a send, and can report a failure. */
function createFaultyTarget(outcomes: ('done' | 'lost' | 'done, unreported' | 'half')[]) {
  const received: JournalEntry[] = [];
  const target: RelayTarget = {
    async send(entries) {
      const outcome = outcomes.shift() ?? 'done';
      if (outcome === 'half') received.push(...entries.filter(({ partition }) => partition === 0));
      else if (outcome !== 'lost') received.push(...entries);
      if (outcome !== 'done') throw new Error('the connection broke');
    },
    sendWatermarks: async () => {},
    reset: async () => {},
  };
  return { received, target };
}

async function setUp(partitions: number, outcomes: Parameters<typeof createFaultyTarget>[0]) {
  const log = createMemoryRecordLog();
  const journal = openJournal(log, createTestClock(), { partitions });
  const { received, target } = createFaultyTarget(outcomes);
  const relay = createRelay(
    { maxEvents: 7, maxBytes: 100_000, lingerMs: 0, sendTimeoutMs: 30_000 },
    { journal, target, failpoint: noFailpoints, logger, metrics: createMetrics() },
  );
  return { journal, received, relay };
}

const anyOutcomes = fc.array(fc.constantFrom('done', 'lost', 'done, unreported', 'half'), { maxLength: 4 });

it('the relay delivers the events of each partition in order and without gaps, possibly repeated', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 40 }),
      anyOutcomes,
      async (partitions, count, outcomes) => {
        const { journal, received, relay } = await setUp(partitions, [...outcomes]);
        const accepted = await Promise.all(
          Array.from({ length: count }, () => journal.append(sessionDraft())),
        );
        relay.start();
        while (journal.status().pendingEvents > 0) await new Promise((resolve) => setTimeout(resolve, 5));
        await relay.stop();
        for (let partition = 0; partition < partitions; partition += 1) {
          const sequences = received
            .filter((entry) => entry.partition === partition)
            .map(({ sequence }) => sequence);
          let highest = 0;
          for (const sequence of sequences) {
            expect(sequence).toBeLessThanOrEqual(highest + 1);
            highest = Math.max(highest, sequence);
          }
          expect(highest).toBe(accepted.filter((each) => each.partition === partition).length);
        }
      },
    ),
    { numRuns: 12 },
  );
}, 30_000);

it('the relay sends all events again after a rewind', async () => {
  const { journal, received, relay } = await setUp(1, []);
  await Promise.all(Array.from({ length: 20 }, () => journal.append(sessionDraft())));
  relay.start();
  while (journal.status().pendingEvents > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(relay.rewind()).toBe(20);
  expect(journal.status().pendingEvents).toBe(20);
  while (journal.status().pendingEvents > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await relay.stop();
  const sequences = received.map(({ sequence }) => sequence);
  expect(sequences).toEqual([...Array(20).keys(), ...Array(20).keys()].map((index) => index + 1));
});

it('the relay reports the error while Kafka rejects events, and stops without waiting for Kafka', async () => {
  const { journal, relay } = await setUp(1, Array(1000).fill('lost'));
  await journal.append(sessionDraft());
  relay.start();
  while (relay.trouble() === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(relay.trouble()).toContain('the connection broke');
  await relay.stop();
  expect(journal.status().pendingEvents).toBe(1);
});

it('the relay stops within 10 seconds while Kafka does not respond, and ignores a late response', async () => {
  const journal = openJournal(createMemoryRecordLog(), createTestClock(), { partitions: 1 });
  const sending = createDeferred();
  const answer = createDeferred();
  const target: RelayTarget = {
    send() {
      sending.resolve();
      return answer.promise;
    },
    sendWatermarks: async () => {},
    reset: async () => {},
  };
  const deps = { journal, target, failpoint: noFailpoints, logger, metrics: createMetrics() };
  const relay = createRelay({ maxEvents: 7, maxBytes: 100_000, lingerMs: 0, sendTimeoutMs: 30_000 }, deps);
  await journal.append(sessionDraft());
  relay.start();
  await sending.promise;
  const startMs = performance.now();
  await relay.stop();
  expect(performance.now() - startMs).toBeLessThan(10_000);
  answer.resolve();
  await letEventLoopTurn();
  expect(journal.status().pendingEvents).toBe(1);
}, 20_000);

it('the relay retries with a new connection if a send or a disconnect never settles', async () => {
  const journal = openJournal(createMemoryRecordLog(), createTestClock(), { partitions: 1 });
  const received: JournalEntry[] = [];
  let sends = 0;
  const never = new Promise<void>(() => {});
  const target: RelayTarget = {
    async send(entries) {
      sends += 1;
      if (sends === 1) return never;
      received.push(...entries);
    },
    sendWatermarks: async () => {},
    reset: () => never,
  };
  const deps = { journal, target, failpoint: noFailpoints, logger, metrics: createMetrics() };
  const relay = createRelay({ maxEvents: 7, maxBytes: 100_000, lingerMs: 0, sendTimeoutMs: 100 }, deps);
  await journal.append(sessionDraft());
  relay.start();
  while (relay.trouble() === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(relay.trouble()).toContain('within 100 ms');
  while (journal.status().pendingEvents > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(received.map(({ sequence }) => sequence)).toEqual([1]);
  expect(relay.trouble()).toBeUndefined();
  await relay.stop();
}, 20_000);
