import { expect, it, onTestFinished } from 'vitest';
import { createMetrics } from '../../../../src/app/metrics.ts';
import type { Watermark } from '../../../../src/events/watermark.ts';
import type { JournalEntry } from '../../../../src/journal/log/journal.ts';
import { createRelay } from '../../../../src/journal/relay/relay.ts';
import {
  createRelayWatermarks,
  type RelayWatermarks,
} from '../../../../src/journal/relay/relay-watermarks.ts';
import { noFailpoints } from '../../../../src/platform/failpoints.ts';
import { createLogger } from '../../../../src/platform/logger.ts';
import { sessionDraft } from '../../../support/arbitrary-events.ts';
import { createMemoryRecordLog, type MemoryRecordLog } from '../../../support/memory-record-log.ts';
import { createTestClock, openJournal, startMs, type TestClock } from '../rig.ts';

const logger = createLogger({ logLevel: 'silent' });
const partitions = 2;

/** Starts a gateway's journal and relay on a log. `sent` contains events and watermarks in the order of the partitions. */
function startGateway(log: MemoryRecordLog, clock: TestClock) {
  const sent: (JournalEntry | Watermark)[] = [];
  const unregistered = new Set<string>();
  const kafka = { isDown: false };
  let watermarks: RelayWatermarks | undefined;
  const journal = openJournal(log, clock, {
    partitions,
    onProducer: async (producer) => watermarks?.noteProducer(producer),
  });
  watermarks = createRelayWatermarks({
    journal,
    partitions: () => partitions,
    isRegistered: (producer) => !unregistered.has(producer),
    clock,
    monotonicMs: () => performance.now(),
  });
  watermarks.noteProducer(journal.producer());
  const push = async (added: readonly (JournalEntry | Watermark)[]) => {
    if (kafka.isDown) throw new Error('planned');
    sent.push(...added);
  };
  const target = { send: push, sendWatermarks: push, reset: async () => {} };
  const relay = createRelay(
    { maxEvents: 7, maxBytes: 100_000, lingerMs: 0, sendTimeoutMs: 30_000 },
    { journal, target, watermarks, failpoint: noFailpoints, logger, metrics: createMetrics() },
  );
  relay.start();
  onTestFinished(() => relay.stop());
  return { journal, relay, sent, unregistered, kafka, watermarks: () => sent.filter(isWatermark) };
}

function isWatermark(message: JournalEntry | Watermark): message is Watermark {
  return 'final' in message;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

const append = ({ journal }: ReturnType<typeof startGateway>, count: number) =>
  Promise.all(Array.from({ length: count }, () => journal.append(sessionDraft())));

/** Checks that each watermark follows the events that it covers, and that no earlier event follows it. */
function checkOrder(sent: readonly (JournalEntry | Watermark)[]): void {
  sent.forEach((message, index) => {
    if (!isWatermark(message)) return;
    const { producer, partition, sequence, beforeMs } = message;
    const ofStream = (each: JournalEntry | Watermark): each is JournalEntry =>
      !isWatermark(each) && each.producer === producer && each.partition === partition;
    const before = sent.slice(0, index).filter(ofStream);
    expect(Math.max(0, ...before.map((entry) => entry.sequence))).toBe(sequence);
    const after = sent.slice(index).filter(ofStream);
    expect(after.filter(({ timeMs }) => timeMs < beforeMs)).toEqual([]);
  });
}

it('sends a watermark to every partition after the events that it covers, again and again', async () => {
  const clock = createTestClock();
  const gateway = startGateway(createMemoryRecordLog(), clock);
  await until(() => gateway.watermarks().length >= partitions);
  expect(gateway.watermarks().slice(0, partitions)).toMatchObject(
    [0, 1].map((partition) => ({ partition, sequence: 0, beforeMs: startMs, partitions, final: false })),
  );
  for (let round = 1; round <= 3; round += 1) {
    clock.ms = startMs + round * 1000;
    await append(gateway, 15);
    await until(() => gateway.watermarks().some(({ beforeMs }) => beforeMs === clock.ms));
  }
  checkOrder(gateway.sent);
});

it('the watermark does not pass an event that Kafka has not acknowledged', async () => {
  const clock = createTestClock();
  const gateway = startGateway(createMemoryRecordLog(), clock);
  gateway.kafka.isDown = true;
  await append(gateway, 1);
  clock.ms += 60_000;
  await until(() => gateway.relay.trouble() !== undefined);
  expect(gateway.watermarks().filter(({ beforeMs }) => beforeMs > startMs)).toEqual([]);
  gateway.kafka.isDown = false;
  await until(() => gateway.watermarks().some(({ beforeMs }) => beforeMs === clock.ms));
  checkOrder(gateway.sent);
});

it('a restart sends the final watermarks of earlier producers after their events', async () => {
  const clock = createTestClock();
  const log = createMemoryRecordLog();
  const killed = startGateway(log, clock);
  killed.kafka.isDown = true;
  await append(killed, 9);
  const restarted = startGateway(log.reopen(), clock);
  await until(() => restarted.watermarks().some(({ final }) => final));
  const finals = restarted.watermarks().filter(({ final }) => final);
  expect(finals.map(({ producer, partition }) => [producer, partition])).toEqual([
    [killed.journal.producer(), 0],
    [killed.journal.producer(), 1],
  ]);
  expect(finals.reduce((sum, { sequence }) => sum + sequence, 0)).toBe(9);
  checkOrder(restarted.sent);
});

it('the final watermarks of a producer that a clock step has ended are sent only after the next producer is registered', async () => {
  const clock = createTestClock();
  const gateway = startGateway(createMemoryRecordLog(), clock);
  const first = gateway.journal.producer();
  await append(gateway, 3);
  clock.ms -= 60_000;
  gateway.journal.followClock();
  const second = gateway.journal.producer();
  gateway.unregistered.add(second);
  await append(gateway, 2);
  await until(() =>
    gateway.watermarks().some(({ producer, sequence }) => producer === second && sequence > 0),
  );
  expect(gateway.watermarks().filter(({ final }) => final)).toEqual([]);
  gateway.unregistered.delete(second);
  await until(() => gateway.watermarks().some(({ final }) => final));
  expect(gateway.watermarks().filter(({ final }) => final)).toMatchObject([
    { producer: first, partition: 0 },
    { producer: first, partition: 1 },
  ]);
  checkOrder(gateway.sent);
});

it('a stop sends the last events and the final watermarks, and accepts no more events', async () => {
  const gateway = startGateway(createMemoryRecordLog(), createTestClock());
  await append(gateway, 5);
  await gateway.relay.stop();
  const finals = gateway.watermarks().filter(({ final }) => final);
  expect(finals.map(({ partition }) => partition)).toEqual([0, 1]);
  expect(finals.reduce((sum, { sequence }) => sum + sequence, 0)).toBe(5);
  await expect(append(gateway, 1)).rejects.toMatchObject({ code: 'journal_unavailable' });
  checkOrder(gateway.sent);
});

it('a rewind sends the final watermarks again after the events', async () => {
  const clock = createTestClock();
  const log = createMemoryRecordLog();
  const ended = startGateway(log, clock);
  await append(ended, 4);
  await until(() => ended.journal.status().pendingEvents === 0);
  const gateway = startGateway(log.reopen(), clock);
  await until(() => gateway.watermarks().some(({ final }) => final));
  gateway.sent.length = 0;
  gateway.relay.rewind();
  await until(() => gateway.watermarks().some(({ final }) => final));
  expect(gateway.sent.filter((message) => !isWatermark(message))).toHaveLength(4);
});
