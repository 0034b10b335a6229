import { describe, expect, it } from 'vitest';
import { type Environment, parseConfig } from '../../../src/config/parse.ts';
import { type Config, settings } from '../../../src/config/settings.ts';

/** Every setting, given. A new one must be added here and below. */
const complete = {
  HOST: '0.0.0.0',
  PORT: '9090',
  PUBLIC_URL: 'https://usage.example/',
  TRUST_PROXY: '10.0.0.0/8, 2001:db8::/32,192.0.2.7',
  DATA_DIR: '/var/lib/watmeter',
  MASTER_KEY: 'm'.repeat(32),
  ADMIN_TOKEN: 'a'.repeat(32),
  METRICS_TOKEN: 'x'.repeat(16),
  SESSION_TTL: '1.5h',
  JOURNAL_LIMIT: '256MiB',
  JOURNAL_KEEP: '7d',
  SINK_LINGER: '250ms',
  SINK_MAX_ROWS: '500',
  OPENED_TOKENS_LIMIT: '0KiB',
  CLICKHOUSE_URL: 'https://clickhouse.example:8443/',
  CLICKHOUSE_USER: 'meter',
  CLICKHOUSE_PASSWORD: 'p',
  CLICKHOUSE_DATABASE: 'meters_1',
  CLICKHOUSE_CA_FILE: '/etc/ssl/ca.pem',
  CLICKHOUSE_CLUSTER: '{cluster}',
  QUERY_TIMEOUT: '2m',
  LOG_LEVEL: 'trace',
  DANGEROUS_FAILPOINT: 'insert.before:3',
} satisfies Record<keyof typeof settings, string>;

const completeConfig: Config = {
  host: '0.0.0.0',
  port: 9090,
  publicUrl: 'https://usage.example',
  trustProxy: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'],
  dataDir: '/var/lib/watmeter',
  masterKey: 'm'.repeat(32),
  adminToken: 'a'.repeat(32),
  metricsToken: 'x'.repeat(16),
  sessionTtl: 5_400_000,
  journalLimit: 268_435_456,
  journalKeep: 604_800_000,
  sinkLinger: 250,
  sinkMaxRows: 500,
  openedTokensLimit: 0,
  clickhouseUrl: 'https://clickhouse.example:8443',
  clickhouseUser: 'meter',
  clickhousePassword: 'p',
  clickhouseDatabase: 'meters_1',
  clickhouseCaFile: '/etc/ssl/ca.pem',
  clickhouseCluster: '{cluster}',
  queryTimeout: 120_000,
  logLevel: 'trace',
  dangerousFailpoint: 'insert.before:3',
};

const defaults: Config = {
  host: '127.0.0.1',
  port: 8080,
  publicUrl: undefined,
  trustProxy: false,
  dataDir: './data',
  masterKey: undefined,
  adminToken: undefined,
  metricsToken: undefined,
  sessionTtl: 28_800_000,
  journalLimit: 1_073_741_824,
  journalKeep: 86_400_000,
  sinkLinger: 200,
  sinkMaxRows: 20_000,
  openedTokensLimit: 67_108_864,
  clickhouseUrl: undefined,
  clickhouseUser: 'default',
  clickhousePassword: undefined,
  clickhouseDatabase: 'watmeter',
  clickhouseCaFile: undefined,
  clickhouseCluster: undefined,
  queryTimeout: 30_000,
  logLevel: 'info',
  dangerousFailpoint: undefined,
};

function parsed(env: Environment): Config {
  const result = parseConfig(env);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.config;
}

function faultsOf(env: Environment) {
  const result = parseConfig(env);
  return result.ok ? [] : result.faults;
}

describe('a complete environment', () => {
  it('becomes a complete configuration', () => {
    expect(parsed(complete)).toEqual(completeConfig);
  });

  it('is not changed, and what other programs left in it is passed over', () => {
    const env = Object.freeze({ ...complete, PATH: '/bin', port: 'x', toString: 'x' });
    expect(parsed(env)).toEqual(completeConfig);
  });

  it('gives a configuration that nothing can change, at any depth', () => {
    const config = parsed(complete);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.trustProxy)).toBe(true);
    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
    expect(() => (config.trustProxy as string[]).push('0.0.0.0/0')).toThrow(TypeError);
  });
});

describe('an empty environment', () => {
  it('gives every default', () => {
    expect(parsed({})).toEqual(defaults);
    expect(Object.keys(parsed({}))).toEqual(Object.keys(completeConfig));
  });

  it('is the same as one whose variables are empty', () => {
    const empty = Object.fromEntries(Object.keys(settings).map((name) => [name, '']));
    expect(parsed({ ...empty, KAFKA_BROKERS: '', DATABASE_URL: undefined })).toEqual(defaults);
  });
});

describe('an environment with faults', () => {
  const wrong = Object.fromEntries(Object.keys(settings).map((name) => [name, `wrong ${name}`]));
  const anyTextWillDo = [
    'HOST',
    'DATA_DIR',
    'CLICKHOUSE_USER',
    'CLICKHOUSE_PASSWORD',
    'CLICKHOUSE_CA_FILE',
    'DANGEROUS_FAILPOINT',
  ];

  it('is refused with all of them at once, in the order of the settings', () => {
    const names = Object.keys(settings).filter((name) => !anyTextWillDo.includes(name));
    expect(faultsOf({ ...wrong, MASTER_KEY: 'short', ADMIN_TOKEN: 'short', METRICS_TOKEN: 'short' })).toEqual(
      names.map((path) => ({ path, message: expect.stringMatching(/^must /) })),
    );
  });

  it('repeats no value: it may be a secret in the wrong variable', () => {
    const secret = 'hunter2-and-more';
    const env = Object.fromEntries(Object.keys(settings).map((name) => [name, secret.slice(0, 15)]));
    const faults = faultsOf({ ...env, KAFKA_BROKERS: secret, DATABASE_URL: secret });
    expect(faults.length).toBeGreaterThan(10);
    expect(JSON.stringify(faults)).not.toContain('hunter2');
  });

  it.each(['KAFKA_BROKERS', 'DATABASE_URL'])('is one with %s: not passed over in silence', (name) => {
    const [fault, ...others] = faultsOf({ [name]: 'somewhere:9092' });
    expect(fault).toMatchObject({ path: name, message: expect.stringContaining('not supported') });
    expect(others).toEqual([]);
  });

  it('gives nothing but faults, however many settings are right', () => {
    expect(parseConfig({ ...complete, PORT: '70000' })).toEqual({
      ok: false,
      faults: [{ path: 'PORT', message: 'must be an integer from 0 to 65535' }],
    });
  });
});
