import { join } from 'node:path';
import { type NodeProcess, startNode } from './node-process.ts';
import type { StoreAddress } from './store.ts';

export interface ConsumerPlan {
  readonly store: StoreAddress;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly group: string;
  /** Additional settings. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the real executable as a consumer, with fence, high-water marks, ledger and committed offsets. */
export function startConsumer({ store, brokers, topic, group, env = {} }: ConsumerPlan): NodeProcess {
  return startNode([join('bin', 'watmeter.cjs'), 'consumer'], {
    PORT: '0',
    // A consumer does not store data on disk.
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
