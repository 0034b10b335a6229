import { join } from 'node:path';
import { type Cluster, type ClusterOptions, startCluster } from '../../cluster/cluster.ts';
import { createTemporaryDirectory } from '../../temporary-directory.ts';
import type { TestToken } from '../exchange-log.ts';
import { createInstance, type Instance } from '../instance.ts';
import { createTestTokens } from '../template.ts';

/** The shortest session timeout that the settings allow. */
export const sessionTimeoutMs = 6000;

export interface RigOptions extends Pick<ClusterOptions, 'brokers' | 'partitions'> {
  readonly gateways: number;
  readonly consumers: number;
}

/** A cluster of real servers, with gateways and consumers that are not running yet. */
export interface Rig {
  readonly cluster: Cluster;
  readonly gateways: readonly Instance[];
  readonly consumers: readonly Instance[];
  readonly tokens: readonly TestToken[];
  /** The directory that the audit reads after ClickHouse has exited. */
  readonly clickHouseDir: string;
  /** Stops all processes and removes their data. */
  remove(): Promise<void>;
}

/** Starts the servers, and creates configurations and tokens. */
export async function createRig({ gateways, consumers, ...options }: RigOptions): Promise<Rig> {
  const directory = createTemporaryDirectory('kafka-faults');
  const env = { KAFKA_SESSION_TIMEOUT: `${sessionTimeoutMs}ms` };
  const cluster = await startCluster({ ...options, env });
  const running: Instance[] = [];

  async function create(role: string, count: number): Promise<Instance[]> {
    const names = Array.from({ length: count }, (_, index) => join(directory.path, `${role}-${index + 1}`));
    const created = await Promise.all(names.map((name) => createInstance(name, { role, env: cluster.env })));
    running.push(...created);
    return created;
  }

  async function remove(): Promise<void> {
    await Promise.all(running.map((instance) => instance.kill()));
    await cluster.remove();
    directory.remove();
  }

  try {
    const [api] = await create('api', 1);
    await api?.start();
    const tokens = await createTestTokens(api?.url ?? '');
    await api?.stop();
    return {
      cluster,
      tokens,
      remove,
      clickHouseDir: cluster.clickHouse.chdbDir,
      gateways: await create('gateway', gateways),
      consumers: await create('consumer', consumers),
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
