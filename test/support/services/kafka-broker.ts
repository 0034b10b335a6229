import { type ChildProcess, execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kafkaClasspath } from './kafka-jars.ts';
import { waitUntilListed } from './kafka-ready.ts';
import { endProcess, isAlive, spawnServer } from './server-process.ts';

/** A broker that is also a controller, with one data directory and fixed ports, across restarts. */
export interface KafkaBroker {
  readonly id: number;
  /** host:port without TLS or SASL. */
  readonly address: string;
  pid(): number | undefined;
  isRunning(): boolean;
  /** Sends SIGKILL and waits until the broker has exited. */
  kill(): Promise<void>;
  /** Sends SIGTERM and waits until the broker has exited. The broker transfers its partitions before it exits. */
  stop(): Promise<void>;
  /** Starts the broker on the same data. Resolves when the cluster lists the broker, or at once with `wait: false`. */
  start(options?: { readonly wait?: boolean }): Promise<void>;
  /** Sends SIGSTOP: connections stay open, and requests get no response. */
  freeze(): void;
  /** Sends SIGCONT. */
  resume(): void;
  /** Returns the output of all processes of this broker. */
  log(): string;
}

export interface BrokerConfig {
  readonly id: number;
  readonly address: string;
  readonly directory: string;
  readonly properties: string;
  /** Settings that are the same for all brokers of a cluster. */
  readonly clusterId: string;
  readonly formatOptions: readonly string[];
  readonly heapMb: number;
}

// With only the first tier of the JIT compiler, a broker starts in half the time and is fast enough for tests.
const javaOptions = [
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
  '-Djava.awt.headless=true',
];
const logging = `-Dlog4j2.configurationFile=${fileURLToPath(new URL('log4j2.properties', import.meta.url))}`;

/** Creates a broker and formats its data directory, but does not start the broker. */
export function createBroker(config: BrokerConfig): KafkaBroker {
  const { id, address, directory, heapMb } = config;
  const propertiesFile = join(directory, 'server.properties');
  const logFile = join(directory, 'broker.log');
  writeFileSync(propertiesFile, config.properties);
  writeFileSync(logFile, '');
  format(propertiesFile, config);
  let child: ChildProcess | undefined;

  function launch(): void {
    if (isAlive(child)) throw new Error(`broker ${id} is already running`);
    const output = openSync(logFile, 'a');
    const heap = ['-Xms64m', `-Xmx${heapMb}m`];
    const main = ['-cp', kafkaClasspath(), 'kafka.Kafka', propertiesFile];
    child = spawnServer('java', [...javaOptions, ...heap, logging, ...main], ['ignore', output, output]);
    closeSync(output);
  }

  const log = () => readFileSync(logFile, 'utf8');
  const isRunning = () => isAlive(child);
  const resume = () => void child?.kill('SIGCONT');
  return {
    id,
    address,
    isRunning,
    log,
    resume,
    pid: () => child?.pid,
    freeze: () => void child?.kill('SIGSTOP'),
    kill: () => endProcess(child, 'SIGKILL'),
    async stop() {
      resume();
      await endProcess(child, 'SIGTERM');
    },
    async start({ wait = true } = {}) {
      launch();
      if (wait) await waitUntilListed({ id, address, isRunning, log });
    },
  };
}

function format(propertiesFile: string, { clusterId, formatOptions }: BrokerConfig): void {
  const tool = ['-cp', kafkaClasspath(), 'kafka.tools.StorageTool', 'format'];
  const options = ['--cluster-id', clusterId, '--config', propertiesFile, ...formatOptions];
  execFileSync('java', [...javaOptions, logging, ...tool, ...options], { stdio: 'pipe' });
}
