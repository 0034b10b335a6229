import { randomBytes } from 'node:crypto';
import { sleep } from '../support/processes.ts';
import { createEngineTable } from './engine-table.ts';
import { type NodeProcess, startModule } from './node-process.ts';
import type { PlainConsumerInput } from './plain-consumer.ts';
import { type Store, withStore } from './store.ts';
import { startConsumer } from './watmeter-consumer.ts';

/** A topic that contains all events. */
export interface FullTopic {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly count: number;
}

/**
 * Result of storing a topic. The time runs from the start, with a new consumer group and empty tables, until all
 * events are stored.
 */
export interface StoringRun {
  readonly perSecond: number;
  readonly consumerCpuMs: number;
  readonly storeCpuMs: number;
  readonly parts: number;
}

/** Starts to store a topic, and returns the process that does so. Returns undefined if the store itself does so. */
type Starter = (store: Store, topic: FullTopic) => Promise<NodeProcess | undefined>;

const lookEveryMs = 200;
const stuckAfterMs = 60_000;
const plainRowsPerInsert = 10_000;
const newGroup = () => `bench-${randomBytes(4).toString('hex')}`;

export const starters = {
  watmeter: async ({ url, user, password }, { brokers, topic }) =>
    startConsumer({ store: { url, user, password }, brokers, topic, group: newGroup() }),
  plain: async ({ url, user, password }, { brokers, topic }) => {
    const store = { url, user, password };
    const input: PlainConsumerInput = {
      brokers,
      topic,
      group: newGroup(),
      store,
      rowsPerInsert: plainRowsPerInsert,
    };
    return startModule('kafka/plain-consumer.js', input);
  },
  engine: async ({ client }, { brokers, topic }) => {
    await createEngineTable(client, { brokers, topic, group: newGroup() });
    return undefined;
  },
} satisfies Record<string, Starter>;

/**
 * Measures how long it takes to store a topic in a new store.
 * @throws Error unless every event is stored once.
 */
export function measureStoring(start: Starter, topic: FullTopic): Promise<StoringRun> {
  return withStore(async (store) => {
    const storeCpuBeforeMs = store.cpuMs();
    const startedMs = performance.now();
    const consumer = await start(store, topic);
    try {
      await untilStored(store, topic.count, consumer);
      const perSecond = (topic.count / (performance.now() - startedMs)) * 1000;
      const consumerCpuMs = consumer?.cpuMs() ?? 0;
      const storeCpuMs = store.cpuMs() - storeCpuBeforeMs;
      // Duplicates would arrive late, so the check waits for them.
      await sleep(1000);
      const { rows, sessions, parts } = await store.countAll();
      if (rows !== topic.count || sessions !== topic.count)
        throw new Error(`${rows} rows of ${sessions} sessions are stored, of ${topic.count}`);
      return { perSecond, consumerCpuMs, storeCpuMs, parts };
    } finally {
      await consumer?.stop();
    }
  });
}

async function untilStored(store: Store, count: number, consumer: NodeProcess | undefined): Promise<void> {
  let [rows, changedMs] = [0, performance.now()];
  while (rows < count) {
    await sleep(lookEveryMs);
    consumer?.checkAlive();
    const now = await store.countRows();
    if (now !== rows) changedMs = performance.now();
    rows = now;
    if (performance.now() - changedMs > stuckAfterMs) throw new Error(`stuck at ${rows} of ${count} rows`);
  }
}
