import { randomBytes } from 'node:crypto';
import { type AppProcess, freePort, startAppProcess } from '../app-process.ts';
import { type ChdbServer, startChdbServer } from '../chdb-server/chdb-server.ts';
import { type KafkaCluster, startKafka } from '../services/kafka.ts';
import { openTopicTools, type TopicTools } from '../services/kafka-topics.ts';
import { type PostgresServer, startPostgres } from '../services/postgres.ts';
import { createTemporaryDirectory } from '../temporary-directory.ts';

export type ClusterRole = 'gateway' | 'consumer' | 'api';

/** A cluster process that can be killed and restarted on the same port and data directory. */
export interface Member {
  readonly role: ClusterRole;
  readonly name: string;
  readonly url: string;
  readonly dataDir: string;
  /** Returns the running process, or undefined if the member has no running process. */
  current(): AppProcess | undefined;
  start(options?: { readonly wait?: boolean }): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  readonly brokers: 1 | 3;
  readonly partitions: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A cluster of real Kafka and PostgreSQL servers, a chdb server, and watmeter roles in separate processes. */
export interface Cluster {
  readonly kafka: KafkaCluster;
  readonly topics: TopicTools;
  readonly postgres: PostgresServer;
  readonly clickHouse: ChdbServer;
  readonly topic: string;
  readonly group: string;
  /** The environment variables of every member. */
  readonly env: Readonly<Record<string, string>>;
  member(role: ClusterRole, name: string, env?: Readonly<Record<string, string>>): Promise<Member>;
  /** Returns the output of all members. */
  output(): string;
  /** Stops all processes and removes their data. */
  remove(): Promise<void>;
}

export async function startCluster({ brokers, partitions, env = {} }: ClusterOptions): Promise<Cluster> {
  const suffix = randomBytes(4).toString('hex');
  const [topic, group] = [`sessions-${suffix}`, `group-${suffix}`];
  const directory = createTemporaryDirectory('cluster');
  const [kafka, postgres, clickHouse] = await Promise.all([
    startKafka({ brokers }),
    startPostgres(),
    startChdbServer(),
  ]);
  const topics = await openTopicTools(kafka.bootstrap);
  await topics.create(topic, partitions);
  const shared = {
    KAFKA_BROKERS: kafka.bootstrap.join(','),
    KAFKA_TOPIC: topic,
    KAFKA_GROUP: group,
    KAFKA_SESSION_TIMEOUT: '6s',
    WATERMARKS: 'true',
    CLICKHOUSE_URL: clickHouse.url,
    CLICKHOUSE_USER: clickHouse.user,
    CLICKHOUSE_PASSWORD: clickHouse.password,
    DATABASE_URL: await postgres.createDatabase(),
    MASTER_KEY: randomBytes(32).toString('base64'),
    ...env,
  };
  const members: Member[] = [];

  return {
    kafka,
    topics,
    postgres,
    clickHouse,
    topic,
    group,
    env: shared,
    async member(role, name, memberEnv = {}) {
      const dataDir = `${directory.path}/${name}`;
      const member = createMember(role, name, await freePort(), dataDir, { ...shared, ...memberEnv });
      members.push(member);
      return member;
    },
    output: () => members.map(({ name, current }) => `== ${name}\n${current()?.output()}`).join('\n'),
    async remove() {
      await Promise.all(members.map((member) => member.kill()));
      await topics.close();
      await Promise.all([kafka.stop(), postgres.remove(), clickHouse.remove()]);
      directory.remove();
    },
  };
}

function createMember(
  role: ClusterRole,
  name: string,
  port: number,
  dataDir: string,
  env: Record<string, string>,
): Member {
  let current: AppProcess | undefined;
  const end = async (signal: NodeJS.Signals) => {
    await current?.stop(signal);
    current = undefined;
  };
  return {
    role,
    name,
    dataDir,
    url: `http://127.0.0.1:${port}`,
    current: () => current,
    async start({ wait = true } = {}) {
      current = await startAppProcess({ role, port, dataDir, env, wait });
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}
