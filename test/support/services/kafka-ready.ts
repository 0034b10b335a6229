import { type Admin, Kafka, logLevel } from 'kafkajs';

/** What waiting for a broker needs to know of it. */
export interface Awaited {
  readonly id: number;
  readonly address: string;
  isRunning(): boolean;
  log(): string;
}

const readyTimeoutMs = 120_000;
const pollMs = 100;

/** Resolves when the broker itself answers that the cluster counts it among its own. */
export async function waitUntilListed(broker: Awaited): Promise<void> {
  await poll(broker, async (admin) => {
    const { brokers } = await admin.describeCluster();
    return brokers.some(({ nodeId }) => nodeId === broker.id);
  });
}

/**
 * Resolves when every broker counts them all, and groups have their coordinator: the topic of offsets is made by
 * the first who asks for it, which fails when a broker of three is dead by then.
 */
export async function waitUntilComplete(brokers: readonly Awaited[]): Promise<void> {
  for (const broker of brokers) {
    await poll(broker, async (admin) => (await admin.describeCluster()).brokers.length === brokers.length);
  }
  for (const broker of brokers.slice(0, 1)) await poll(broker, hasCoordinator);
}

async function hasCoordinator(admin: Admin): Promise<boolean> {
  // kafkajs finds no coordinator before it has read the cluster's metadata once.
  await admin.fetchTopicMetadata();
  const { groups } = await admin.describeGroups(['warm-up']);
  return groups.length === 1;
}

/** @throws Error with the end of the broker's log, when it died or did not get there in time. */
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
  const what = broker.isRunning() ? `is not ready within ${readyTimeoutMs} ms` : 'died while it started';
  throw new Error(`broker ${broker.id} ${what}:\n${broker.log().slice(-4000)}`, { cause: lastError });
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
