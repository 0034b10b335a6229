import { type Admin, Kafka, logLevel } from 'kafkajs';

/** The broker state that the wait functions need. */
export interface Awaited {
  readonly id: number;
  readonly address: string;
  isRunning(): boolean;
  log(): string;
}

const readyTimeoutMs = 120_000;
const pollMs = 100;

/** Waits until the broker reports that it has joined the cluster. */
export async function waitUntilListed(broker: Awaited): Promise<void> {
  await poll(broker, async (admin) => {
    const { brokers } = await admin.describeCluster();
    return brokers.some(({ nodeId }) => nodeId === broker.id);
  });
}

/**
 * Waits until every broker lists all brokers, and groups have a coordinator. The first coordinator request creates the
 * offsets topic. With three brokers, that would fail after one of them has exited, so this function does it first.
 */
export async function waitUntilComplete(brokers: readonly Awaited[]): Promise<void> {
  for (const broker of brokers) {
    await poll(broker, async (admin) => (await admin.describeCluster()).brokers.length === brokers.length);
  }
  for (const broker of brokers.slice(0, 1)) await poll(broker, hasCoordinator);
}

async function hasCoordinator(admin: Admin): Promise<boolean> {
  // kafkajs finds no coordinator until it has read the cluster metadata once.
  await admin.fetchTopicMetadata();
  const { groups } = await admin.describeGroups(['warm-up']);
  return groups.length === 1;
}

/** @throws Error with the end of the broker's log if the broker has exited or is not ready in time. */
async function poll(broker: Awaited, holds: (admin: Admin) => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + readyTimeoutMs;
  let lastError: unknown;
  while (Date.now() < deadlineMs && broker.isRunning()) {
    try {
      if (await ask(broker.address, holds)) return;
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  const problem = broker.isRunning() ? `is not ready within ${readyTimeoutMs} ms` : 'ended while it started';
  throw new Error(`broker ${broker.id} ${problem}:\n${broker.log().slice(-4000)}`, { cause: lastError });
}

async function ask<T>(address: string, question: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({
    brokers: [address],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 5000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    return await question(admin);
  } finally {
    await admin.disconnect();
  }
}
