import { describe, expect, it } from 'vitest';
import { type Config, parseConfig } from '../../../src/app/config.ts';
import { settings } from '../../../src/app/declared.ts';
import type { Environment } from '../../../src/platform/settings/define-settings.ts';

/** Every setting with a value. Add new settings here and to the two objects below. */
const complete = {
  HOST: '0.0.0.0',
  PORT: '9090',
  PUBLIC_URL: 'https://usage.example/',
  TRUST_PROXY: '10.0.0.0/8, 2001:db8::/32,192.0.2.7',
  METRICS_TOKEN: 'x'.repeat(16),
  DATABASE_URL: 'postgresql://meter:p%40ss@db.example/watmeter?sslmode=require',
  DATABASE_CA_FILE: '/etc/watmeter/ca.pem',
  MASTER_KEY: 'm'.repeat(32),
  KAFKA_BROKERS: 'kafka-1:9092, [2001:db8::1]:9093',
  KAFKA_TLS: 'true',
  KAFKA_CA_FILE: '/etc/watmeter/kafka.pem',
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_USERNAME: 'meter',
  KAFKA_PASSWORD: 'sasl-secret',
  CLICKHOUSE_URL: 'https://clickhouse.example:8443',
  CLICKHOUSE_USER: 'meter',
  CLICKHOUSE_PASSWORD: 'p',
  CLICKHOUSE_DATABASE: 'usage',
  CLICKHOUSE_CA_FILE: '/etc/watmeter/clickhouse.pem',
  CLICKHOUSE_CLUSTER: 'main',
  GATEWAY_WORKERS: '3',
  SESSION_TTL: '1.5h',
  SESSION_MAX: '2d',
  CLAIMS_BUDGET: '2MiB',
  ALLOWED_ORIGINS: 'https://portal.example, http://localhost:5173',
  LINK_TARGET_URL: 'https://app.example/bi/',
  LINK_HANDOFF: 'code',
  LINK_BOTS: 'open',
  LINK_CONFIRM: 'always',
  LINK_CHECK_RESOURCES: 'true',
  COOKIE_SAMESITE: 'none',
  COOKIE_DOMAIN: '.App.example',
  OPENED_TOKENS_LIMIT: '0KiB',
  DIRECTORY_URL: 'https://app.example/directory',
  DIRECTORY_TOKEN: 'directory-secret',
  DIRECTORY_TIMEOUT: '1s',
  QUERY_TIMEOUT: '2m',
  QUERY_MEMORY: '1GiB',
  QUERY_CONCURRENCY: '8',
  QUERY_QUEUE: '16',
  SLOW_QUERY: '2s',
  EVENT_RETENTION: '730d',
  FORGET_INTERVAL: '2h',
  USAGE_LIVE_CLIENTS: '7',
  USAGE_TAG_BUDGET: '12',
  WATERMARKS: 'true',
  ADMIN_TOKEN: 'a'.repeat(32),
  JOURNAL_LIMIT: '256MiB',
  JOURNAL_KEEP: '7d',
  KAFKA_TOPIC: 'metering.sessions',
  KAFKA_COMPRESSION: 'gzip',
  KAFKA_PARTITIONS: '24',
  KAFKA_REPLICATION: '5',
  KAFKA_MIN_IN_SYNC: '3',
  KAFKA_RETENTION: '14d',
  SINK_LINGER: '250ms',
  SINK_MAX_ROWS: '500',
  KAFKA_GROUP: 'meter',
  KAFKA_SESSION_TIMEOUT: '10s',
  DATA_DIR: '/var/lib/watmeter',
  LOG_LEVEL: 'trace',
  SUPERVISE: 'false',
  DANGEROUS_FAILPOINT: 'insert.before:3',
} satisfies Record<keyof typeof settings, string>;

const completeConfig: Config = {
  host: '0.0.0.0',
  port: 9090,
  publicUrl: 'https://usage.example',
  trustProxy: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'],
  metricsToken: 'x'.repeat(16),
  databaseUrl: {
    host: 'db.example',
    port: 5432,
    user: 'meter',
    password: 'p@ss',
    database: 'watmeter',
    tls: true,
  },
  databaseCaFile: '/etc/watmeter/ca.pem',
  masterKey: 'm'.repeat(32),
  kafkaBrokers: ['kafka-1:9092', '[2001:db8::1]:9093'],
  kafkaTls: 'true',
  kafkaCaFile: '/etc/watmeter/kafka.pem',
  kafkaSaslMechanism: 'scram-sha-512',
  kafkaUsername: 'meter',
  kafkaPassword: 'sasl-secret',
  clickhouseUrl: 'https://clickhouse.example:8443',
  clickhouseUser: 'meter',
  clickhousePassword: 'p',
  clickhouseDatabase: 'usage',
  clickhouseCaFile: '/etc/watmeter/clickhouse.pem',
  clickhouseCluster: 'main',
  gatewayWorkers: 3,
  sessionTtl: 5_400_000,
  sessionMax: 172_800_000,
  claimsBudget: 2_097_152,
  allowedOrigins: ['https://portal.example', 'http://localhost:5173'],
  linkTargetUrl: 'https://app.example/bi',
  linkHandoff: 'code',
  linkBots: 'open',
  linkConfirm: 'always',
  linkCheckResources: 'true',
  cookieSamesite: 'none',
  cookieDomain: 'app.example',
  openedTokensLimit: 0,
  directoryUrl: 'https://app.example/directory',
  directoryToken: 'directory-secret',
  directoryTimeout: 1000,
  queryTimeout: 120_000,
  queryMemory: 1024 ** 3,
  queryConcurrency: 8,
  queryQueue: 16,
  slowQuery: 2000,
  eventRetention: 63_072_000_000,
  forgetInterval: 7_200_000,
  usageLiveClients: 7,
  usageTagBudget: 12,
  watermarks: 'true',
  adminToken: 'a'.repeat(32),
  journalLimit: 268_435_456,
  journalKeep: 604_800_000,
  kafkaTopic: 'metering.sessions',
  kafkaCompression: 'gzip',
  kafkaPartitions: 24,
  kafkaReplication: 5,
  kafkaMinInSync: 3,
  kafkaRetention: 1_209_600_000,
  sinkLinger: 250,
  sinkMaxRows: 500,
  kafkaGroup: 'meter',
  kafkaSessionTimeout: 10_000,
  dataDir: '/var/lib/watmeter',
  logLevel: 'trace',
  supervise: 'false',
  dangerousFailpoint: 'insert.before:3',
};

const defaults: Config = {
  host: '127.0.0.1',
  port: 8080,
  publicUrl: undefined,
  trustProxy: false,
  gatewayWorkers: 0,
  dataDir: './data',
  databaseUrl: undefined,
  databaseCaFile: undefined,
  masterKey: undefined,
  adminToken: undefined,
  metricsToken: undefined,
  sessionTtl: 28_800_000,
  sessionMax: 604_800_000,
  claimsBudget: 33_554_432,
  allowedOrigins: undefined,
  directoryUrl: undefined,
  directoryToken: undefined,
  directoryTimeout: 3000,
  linkTargetUrl: undefined,
  linkHandoff: 'cookie',
  linkBots: 'refuse',
  linkConfirm: 'never',
  linkCheckResources: 'false',
  cookieSamesite: 'lax',
  cookieDomain: undefined,
  journalLimit: 1_073_741_824,
  journalKeep: 86_400_000,
  sinkLinger: 200,
  sinkMaxRows: 50_000,
  openedTokensLimit: 67_108_864,
  kafkaBrokers: undefined,
  kafkaTopic: 'watmeter.sessions',
  kafkaGroup: 'watmeter',
  kafkaTls: 'false',
  kafkaCaFile: undefined,
  kafkaSaslMechanism: undefined,
  kafkaUsername: undefined,
  kafkaPassword: undefined,
  kafkaCompression: 'none',
  kafkaSessionTimeout: 30_000,
  kafkaPartitions: 12,
  kafkaReplication: 3,
  kafkaMinInSync: 2,
  kafkaRetention: 604_800_000,
  clickhouseUrl: undefined,
  clickhouseUser: 'default',
  clickhousePassword: undefined,
  clickhouseDatabase: 'watmeter',
  clickhouseCaFile: undefined,
  clickhouseCluster: undefined,
  queryTimeout: 30_000,
  queryMemory: 2 * 1024 ** 3,
  queryConcurrency: 4,
  queryQueue: 32,
  slowQuery: 1000,
  eventRetention: undefined,
  forgetInterval: 3_600_000,
  usageLiveClients: 100,
  usageTagBudget: 100_000,
  watermarks: 'false',
  logLevel: 'info',
  supervise: 'true',
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

describe('parseConfig with a complete environment', () => {
  it('returns a complete configuration', () => {
    expect(parsed(complete)).toEqual(completeConfig);
  });

  it('leaves the environment unchanged and ignores variables of other programs', () => {
    const env = Object.freeze({ ...complete, PATH: '/bin', port: 'x', toString: 'x' });
    expect(parsed(env)).toEqual(completeConfig);
  });

  it('returns a configuration that is frozen at every depth', () => {
    const config = parsed(complete);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.trustProxy)).toBe(true);
    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
    expect(() => (config.trustProxy as string[]).push('0.0.0.0/0')).toThrow(TypeError);
  });
});

describe('parseConfig with an empty environment', () => {
  it('returns every default', () => {
    expect(parsed({})).toEqual(defaults);
    expect(Object.keys(parsed({}))).toEqual(Object.keys(completeConfig));
  });

  it('treats empty variables as unset', () => {
    const empty = Object.fromEntries(Object.keys(settings).map((name) => [name, '']));
    expect(parsed({ ...empty, KAFKA_BROKERS: '', CLICKHOUSE_URL: '' })).toEqual(defaults);
  });
});

describe('parseConfig with invalid settings', () => {
  const wrong = Object.fromEntries(Object.keys(settings).map((name) => [name, `wrong ${name}`]));
  const acceptingAnyText = [
    'DIRECTORY_TOKEN',
    'HOST',
    'DATA_DIR',
    'DATABASE_CA_FILE',
    'KAFKA_GROUP',
    'KAFKA_CA_FILE',
    'KAFKA_USERNAME',
    'KAFKA_PASSWORD',
    'CLICKHOUSE_USER',
    'CLICKHOUSE_PASSWORD',
    'CLICKHOUSE_CA_FILE',
    'DANGEROUS_FAILPOINT',
  ];

  it('reports all errors at once, in the order of the settings', () => {
    const names = Object.keys(settings).filter((name) => !acceptingAnyText.includes(name));
    expect(faultsOf({ ...wrong, MASTER_KEY: 'short', ADMIN_TOKEN: 'short', METRICS_TOKEN: 'short' })).toEqual(
      names.map((path) => ({ path, message: expect.stringMatching(/^must /) })),
    );
  });

  it('does not repeat values, because a secret may be in the wrong variable', () => {
    const secret = 'hunter2-and-more';
    const env = Object.fromEntries(Object.keys(settings).map((name) => [name, secret.slice(0, 15)]));
    const faults = faultsOf({ ...env, KAFKA_BROKERS: secret, CLICKHOUSE_URL: secret, DATABASE_URL: secret });
    expect(faults.length).toBeGreaterThan(10);
    expect(JSON.stringify(faults)).not.toContain('hunter2');
  });

  it('rejects a SASL mechanism without user and password', () => {
    expect(faultsOf({ KAFKA_SASL_MECHANISM: 'plain' })).toMatchObject([
      { path: 'KAFKA_USERNAME' },
      { path: 'KAFKA_PASSWORD' },
    ]);
  });

  it('rejects DATABASE_URL without MASTER_KEY, and shows how to create a key', () => {
    const url = 'postgres://meter:hunter2@127.0.0.1/watmeter';
    expect(faultsOf({ DATABASE_URL: url })).toEqual([
      { path: 'MASTER_KEY', message: expect.stringContaining('openssl rand') },
    ]);
    expect(faultsOf({ DATABASE_URL: url, MASTER_KEY: 'm'.repeat(32) })).toEqual([]);
    expect(faultsOf({ DATABASE_CA_FILE: 'ca.pem' })).toMatchObject([{ path: 'DATABASE_CA_FILE' }]);
  });

  it('rejects COOKIE_SAMESITE=none without HTTPS', () => {
    const none = { COOKIE_SAMESITE: 'none' };
    const fault = { path: 'COOKIE_SAMESITE', message: expect.stringContaining('PUBLIC_URL') };
    for (const env of [
      {},
      { PUBLIC_URL: 'http://a.example' },
      { PUBLIC_URL: 'http://a.example', TRUST_PROXY: 'true' },
      { TRUST_PROXY: 'false' },
    ])
      expect(faultsOf({ ...none, ...env })).toEqual([fault]);
    for (const env of [{ PUBLIC_URL: 'https://a.example' }, { TRUST_PROXY: '10.0.0.1' }])
      expect(faultsOf({ ...none, ...env })).toEqual([]);
    expect(faultsOf({ COOKIE_SAMESITE: 'lax', PUBLIC_URL: 'http://a.example' })).toEqual([]);
  });

  it('rejects a COOKIE_DOMAIN that is not a domain name', () => {
    for (const COOKIE_DOMAIN of [
      'example',
      '192.0.2.7',
      'a b.example',
      'a..example',
      '-a.example',
      'a.example:80',
    ])
      expect(faultsOf({ COOKIE_DOMAIN })).toMatchObject([{ path: 'COOKIE_DOMAIN' }]);
    for (const COOKIE_DOMAIN of ['bi.example', '.bi.example', 'BI.example'])
      expect(parsed({ COOKIE_DOMAIN }).cookieDomain).toBe('bi.example');
  });

  it('returns only errors if any setting is invalid', () => {
    expect(parseConfig({ ...complete, PORT: '70000' })).toEqual({
      ok: false,
      faults: [{ path: 'PORT', message: 'must be an integer from 0 to 65535' }],
    });
  });
});
