import { once } from 'node:events';
import { type AppProcess, adminToken, freePort, startAppProcess } from '../app-process.ts';
import { startChdbServer } from '../chdb-server/chdb-server.ts';
import { startKafka } from '../services/kafka.ts';
import { startPostgres } from '../services/postgres.ts';
import { createTemporaryDirectory } from '../temporary-directory.ts';
import { type ComposeService, interpolate, readCompose } from './compose.ts';
import { copyClusterImage } from './image-tree.ts';

/**
 * The watmeter services in docker-compose.yml, which run as local processes with the environment in that file. These
 * processes use Kafka, PostgreSQL and ClickHouse servers that the test starts.
 */
export interface ComposeCluster {
  /** Starts or restarts a service and waits until it is ready. `instance` distinguishes replicas. */
  start(service: string, instance?: string): Promise<AppProcess>;
  /** Runs a service that exits by design. */
  run(service: string): Promise<{ code: number | null; output: string }>;
  readonly metricsToken: string;
  output(): string;
  remove(): Promise<void>;
}

export async function startComposeCluster(): Promise<ComposeCluster> {
  const { services } = readCompose();
  const directory = createTemporaryDirectory('compose');
  const entry = copyClusterImage(directory.path);
  const secrets = {
    MASTER_KEY: 'master-key-of-a-test-with-enough-characters',
    ADMIN_TOKEN: adminToken,
    METRICS_TOKEN: 'metrics-token-of-a-test',
    CLICKHOUSE_PASSWORD: 'clickhouse-password-of-a-test',
    POSTGRES_PASSWORD: 'replaced-with-its-address',
  };
  const [kafka, postgres, clickHouse] = await Promise.all([
    startKafka({ brokers: 1 }),
    startPostgres(),
    startChdbServer({ user: 'watmeter', password: secrets.CLICKHOUSE_PASSWORD }),
  ]);
  const database = new URL(await postgres.createDatabase());
  const addresses: readonly (readonly [pattern: RegExp, here: string])[] = [
    [/^kafka:9092$/, kafka.bootstrap.join(',')],
    [/^http:\/\/clickhouse:8123$/, clickHouse.url],
    [
      /^postgres:\/\/watmeter:.*@postgres:5432\/watmeter(?=\?)/,
      `postgres://${database.username}:${database.password}@${database.host}${database.pathname}`,
    ],
  ];
  const processes: AppProcess[] = [];

  function environmentOf({ environment = {} }: ComposeService): Record<string, string> {
    const here = (value: string) => addresses.reduce((text, [name, at]) => text.replace(name, at), value);
    const entries = Object.entries(environment).map(([name, value]) => [
      name,
      here(interpolate(value, secrets)),
    ]);
    return { NODE_ENV: 'production', ADMIN_TOKEN: '', ...Object.fromEntries(entries) };
  }

  const dataDirOf = (name: string, instance: string) => `${directory.path}/data-of-${name}-${instance}`;

  /**
   * Returns the arguments of a service. The mount path of a volume is replaced with the data directory of the service
   * that has the same name as the volume.
   */
  function argumentsOf({ command = [], volumes = [] }: ComposeService): string[] {
    const places = volumes.map((volume) => volume.split(':') as [name: string, target: string]);
    return command.map((word) => {
      const place = places.find(([, target]) => target === word);
      return place === undefined ? word : dataDirOf(place[0], '1');
    });
  }

  async function launch(name: string, instance: string, wait: boolean): Promise<AppProcess> {
    const service = services[name];
    if (service === undefined) throw new Error(`no service ${name}`);
    const [role = '', ...args] = argumentsOf(service);
    const dataDir = dataDirOf(name, instance);
    const port = await freePort();
    const app = await startAppProcess({
      role,
      args,
      port,
      dataDir,
      env: environmentOf(service),
      wait,
      entry,
    });
    processes.push(app);
    return app;
  }

  return {
    metricsToken: secrets.METRICS_TOKEN,
    start: (service, instance = '1') => launch(service, instance, true),
    async run(service) {
      const { child, output } = await launch(service, '1', false);
      if (child.exitCode === null) await once(child, 'close');
      return { code: child.exitCode, output: output() };
    },
    output: () => processes.map((app) => app.output()).join('\n==\n'),
    async remove() {
      await Promise.all(processes.map((app) => app.stop('SIGKILL')));
      await Promise.all([kafka.stop(), postgres.remove(), clickHouse.remove()]);
      directory.remove();
    },
  };
}
