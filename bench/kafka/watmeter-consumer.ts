import { join } from 'node:path';
import { type NodeProcess, startNode } from './node-process.ts';
import type { StoreAddress } from './store.ts';

export interface ConsumerPlan {
  readonly store: StoreAddress;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly group: string;
  /** Environment variables in addition to those that `startConsumer` sets. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts the real executable as a consumer. It uses fences, high-water marks, the ledger and committed offsets, as in
 * production.
 */
export function startConsumer({ store, brokers, topic, group, env = {} }: ConsumerPlan): NodeProcess {
  return startNode([join('bin', 'watmeter.cjs'), 'consumer'], {
    PORT: '0',
    // The directory need not exist, because a consumer stores no data on disk.
    DATA_DIR: '/nonexistent',
    ADMIN_TOKEN: 'bench-admin-token-of-at-least-32-characters',
    KAFKA_BROKERS: brokers.join(','),
    KAFKA_TOPIC: topic,
    KAFKA_GROUP: group,
    CLICKHOUSE_URL: store.url,
    CLICKHOUSE_USER: store.user,
    CLICKHOUSE_PASSWORD: store.password,
    ...env,
  });
}
