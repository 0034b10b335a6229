import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/app/config.ts';
import { settings } from '../../../src/app/declared.ts';
import { roleFaults, roles } from '../../../src/app/roles.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { interpolate, readCompose, readProjectFile, watmeterServices } from '../../support/deploy/compose.ts';
import { createTemporaryDirectory } from '../../support/temporary-directory.ts';

const files = ['docker-compose.yml', 'docker-compose.embedded.yml'].map((name) => ({
  name,
  ...readCompose(name),
}));
const cluster = readCompose();
const secretNames = Object.entries(settings)
  .filter(([, setting]) => 'secret' in setting)
  .map(([name]) => name);

/** Returns the secrets that make-env.sh generates, by name. */
function generateSecrets(): Record<string, string> {
  const directory = createTemporaryDirectory('env');
  try {
    const file = join(directory.path, '.env');
    const script = fileURLToPath(new URL('../../../scripts/make-env.sh', import.meta.url));
    execFileSync('sh', [script, file], { stdio: 'pipe' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(() => execFileSync('sh', [script, file], { stdio: 'pipe' })).toThrow();
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return Object.fromEntries(lines.map((line) => line.split('=') as [string, string]));
  } finally {
    directory.remove();
  }
}

describe.each(files)('$name', (file) => {
  const watmeter = watmeterServices(file);

  it('pins every image to a version', () => {
    for (const { image } of Object.values(file.services)) {
      expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+(\.\d+)*(-[\w.]+)?$/);
    }
  });

  it('publishes ports only on the loopback address', () => {
    for (const { ports = [] } of Object.values(file.services))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(file.text).not.toMatch(/network_mode|privileged/);
  });

  it('uses only existing settings', () => {
    for (const [, { environment = {} }] of watmeter)
      for (const name of Object.keys(environment)) expect(Object.keys(settings)).toContain(name);
  });

  it('limits the logs of every service to 50 MB', () => {
    for (const { logging } of Object.values(file.services))
      expect(logging).toEqual({ driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } });
  });

  it('removes all privileges from every service', () => {
    for (const service of Object.values(file.services)) {
      expect(service['cap_drop']).toEqual(['ALL']);
      expect(service['security_opt']).toEqual(['no-new-privileges:true']);
      expect(service['restart']).toBeDefined();
    }
    for (const [, service] of watmeter)
      expect(service).toMatchObject({ read_only: 'true', stop_grace_period: '20s' });
  });
});

describe('the cluster in docker-compose.yml', () => {
  it('starts every role with a command that exists', () => {
    const commands = watmeterServices(cluster).map(([, { command }]) => command?.[0]);
    expect([...new Set(commands)].sort()).toEqual(['api', 'consumer', 'gateway', 'topics', 'verify']);
    const known = createProgram(() => async () => {}, {}).commands.map((command) => command.name());
    expect(known).toEqual(expect.arrayContaining(commands));
    expect(commands.filter((command) => command === 'gateway')).toHaveLength(2);
    expect(cluster.services['consumer']).toMatchObject({ deploy: { replicas: '2' } });
  });

  it('contains no secrets, because each comes from the .env file that make-env.sh creates', () => {
    const secrets = generateSecrets();
    const required = [...cluster.text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
    expect([...new Set(required)].sort()).toEqual(Object.keys(secrets).sort());
    for (const { environment = {} } of Object.values(cluster.services)) {
      for (const [name, value] of Object.entries(environment)) {
        // This token belongs to an external service and is optional.
        if (name === 'DIRECTORY_TOKEN') continue;
        if (secretNames.includes(name) || /PASSWORD|TOKEN$|_KEY$/.test(name))
          expect(value).toMatch(/\$\{\w+:\?/);
      }
    }
  });

  it('gives each role the settings that it needs to start', () => {
    const secrets = generateSecrets();
    for (const [name, { command, environment = {} }] of watmeterServices(cluster)) {
      const env = Object.entries(environment).map(([key, value]) => [key, interpolate(value, secrets)]);
      const parsed = parseConfig(Object.fromEntries(env));
      if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.faults)}`);
      const role = roles.find((candidate) => candidate === command?.[0]);
      if (role !== undefined) expect(roleFaults(role, parsed.config), name).toEqual([]);
    }
  });

  it('keeps the journal of each gateway in a separate volume', () => {
    const volumes = watmeterServices(cluster)
      .filter(([, { command }]) => command?.[0] === 'gateway')
      .map(([, service]) => service['volumes']);
    expect(volumes).toEqual([['gateway-1:/data'], ['gateway-2:/data']]);
    expect(Object.keys(cluster.volumes)).toEqual(expect.arrayContaining(['gateway-1', 'gateway-2']));
  });

  it('connects the stores only to an internal network', () => {
    for (const name of ['kafka', 'postgres', 'clickhouse', 'consumer', 'prometheus']) {
      expect(cluster.services[name]).toMatchObject({ networks: ['stores'] });
      expect(cluster.services[name]?.ports).toBeUndefined();
    }
    expect(cluster.text).toMatch(/^ {2}stores:\n {4}internal: true$/m);
  });

  it('configures at most as many topic replicas as there are brokers', () => {
    const { environment } = cluster.services['consumer'] ?? {};
    const brokers = environment?.['KAFKA_BROKERS']?.split(',') ?? [];
    expect(Number(environment?.['KAFKA_REPLICATION'])).toBeLessThanOrEqual(brokers.length);
    expect(Number(environment?.['KAFKA_MIN_IN_SYNC'])).toBeLessThanOrEqual(
      Number(environment?.['KAFKA_REPLICATION']),
    );
  });

  it('runs the versions of Kafka and ClickHouse that the tests use', () => {
    const pom = readProjectFile('test/support/services/pom.xml');
    const kafka = /kafka_2\.13<\/artifactId>\s+<version>([\d.]+)</.exec(pom)?.[1];
    expect(cluster.services['kafka']?.image).toBe(`apache/kafka:${kafka}`);
    const engine = /"@chdb\/lib-linux-x64-gnu": "(\d+\.\d+)\./.exec(
      readProjectFile('package-lock.json'),
    )?.[1];
    expect(cluster.services['clickhouse']?.image).toMatch(
      new RegExp(`^clickhouse/clickhouse-server:${engine}\\.`),
    );
  });
});
