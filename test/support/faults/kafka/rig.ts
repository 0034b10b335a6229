import { join } from 'node:path';
import { type Cluster, type ClusterOptions, startCluster } from '../../cluster/cluster.ts';
import { createTemporaryDirectory } from '../../temporary-directory.ts';
import type { Ticket } from '../books.ts';
import { createInstance, type Instance } from '../instance.ts';
import { makeTickets } from '../template.ts';

/** The least that the settings allow. */
export const sessionTimeoutMs = 6000;

export interface RigOptions extends Pick<ClusterOptions, 'brokers' | 'partitions'> {
  readonly gateways: number;
  readonly consumers: number;
}

/** A cluster of real servers, and gateways and consumers that do not run yet. */
export interface Rig {
  readonly cluster: Cluster;
  readonly gateways: readonly Instance[];
  readonly consumers: readonly Instance[];
  readonly tickets: readonly Ticket[];
  /** Where the audit finds the table, when ClickHouse has ended. */
  readonly clickHouseDir: string;
  /** Ends everything and removes what is on disk. */
  remove(): Promise<void>;
}

/** Starts the servers, and makes configurations and tokens. */
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
    const tickets = await makeTickets(api?.url ?? '');
    await api?.stop();
    return {
      cluster,
      tickets,
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
