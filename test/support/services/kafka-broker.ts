import { type ChildProcess, execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endProcess, isAlive, spawnDying } from './dying-process.ts';
import { kafkaClasspath } from './kafka-jars.ts';
import { waitUntilListed } from './kafka-ready.ts';

/** One broker (which is a controller too), on one data directory and its ports, through all its lives. */
export interface KafkaBroker {
  readonly id: number;
  /** host:port without TLS or SASL. */
  readonly address: string;
  pid(): number | undefined;
  isRunning(): boolean;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM: it hands over its partitions first; resolves when it is gone. */
  stop(): Promise<void>;
  /** Starts it on the same data; resolves when the cluster counts it among its own, or at once with `wait: false`. */
  start(options?: { readonly wait?: boolean }): Promise<void>;
  /** SIGSTOP: its connections stay open and nobody answers. */
  freeze(): void;
  /** SIGCONT. */
  resume(): void;
  /** What it wrote in all its lives. */
  log(): string;
}

export interface BrokerConfig {
  readonly id: number;
  readonly address: string;
  readonly directory: string;
  readonly properties: string;
  /** The same for all brokers of a cluster. */
  readonly clusterId: string;
  readonly formatOptions: readonly string[];
  readonly heapMb: number;
}

// The first compiler alone: half the start, and enough for tests.
const javaOptions = [
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
  '-Djava.awt.headless=true',
];
const logging = `-Dlog4j2.configurationFile=${fileURLToPath(new URL('log4j2.properties', import.meta.url))}`;

/** Formats the broker's data directory; it does not run yet. */
export function createBroker(config: BrokerConfig): KafkaBroker {
  const { id, address, directory, heapMb } = config;
  const propertiesFile = join(directory, 'server.properties');
  const logFile = join(directory, 'broker.log');
  writeFileSync(propertiesFile, config.properties);
  writeFileSync(logFile, '');
  format(propertiesFile, config);
  let child: ChildProcess | undefined;

  function launch(): void {
    if (isAlive(child)) throw new Error(`broker ${id} runs already`);
    const output = openSync(logFile, 'a');
    const heap = ['-Xms64m', `-Xmx${heapMb}m`];
    const main = ['-cp', kafkaClasspath(), 'kafka.Kafka', propertiesFile];
    child = spawnDying('java', [...javaOptions, ...heap, logging, ...main], ['ignore', output, output]);
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
