import { databaseUrl } from './database-url.ts';
import {
  addresses,
  autoOr,
  byteSize,
  domainName,
  duration,
  httpUrl,
  integer,
  oneOf,
  origins,
  type SettingType,
  sqlName,
  text,
  topicName,
  trustedProxies,
} from './setting-types.ts';

interface Setting<T> {
  readonly type: SettingType<T>;
  /** Text that is parsed when the variable is not set; without one the value is undefined. */
  readonly default?: string;
  readonly doc: string;
  readonly secret?: true;
}

function setting<T>(
  type: SettingType<T>,
  options: { default: string; doc: string },
): Setting<T> & { default: string } {
  return { type, ...options };
}

function optional<T>(type: SettingType<T>, options: { doc: string; secret?: true }): Setting<T> {
  return { type, ...options };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Every setting, in the order of docs/configuration.md, which is generated from this table. The value's type
 * follows from the entry; nothing is written twice.
 */
export const settings = {
  HOST: setting(text(), { default: '127.0.0.1', doc: 'Address to listen on.' }),
  PORT: setting(integer(0, 65_535), { default: '8080', doc: 'Port to listen on; 0 takes a free one.' }),
  PUBLIC_URL: optional(httpUrl(), {
    doc: 'The address that browsers use, where it differs from HOST and PORT. An https address makes cookies Secure.',
  }),
  TRUST_PROXY: setting(trustedProxies(), {
    default: 'false',
    doc: 'Which reverse proxies to believe when they say where a request comes from (X-Forwarded-For).',
  }),
  GATEWAY_WORKERS: setting(autoOr(integer(0, 64)), {
    default: '0',
    doc: 'Processes that answer the gateway’s clients in place of this one, for machines of many cores (docs/how-to/scale-out.md). `auto` is one for each core, at most 8.',
  }),
  DATA_DIR: setting(text(), {
    default: './data',
    doc: 'Directory of the journal, the embedded stores and the generated secrets. One process at a time.',
  }),
  DATABASE_URL: optional(databaseUrl(), {
    secret: true,
    doc: 'PostgreSQL as the control store, which several processes may share; without it, SQLite in DATA_DIR. Needs MASTER_KEY. `?sslmode=` is `require`, `verify-ca` or `verify-full` (all three: TLS, with a certificate that is verified to the name of the host; the default but on this machine itself) or `disable`.',
  }),
  DATABASE_CA_FILE: optional(text(), {
    doc: 'PEM file of the authorities that may sign the certificate of PostgreSQL, instead of those that Node knows.',
  }),
  MASTER_KEY: optional(text({ minLength: 32 }), {
    secret: true,
    doc: 'Encrypts private keys at rest. Without it the first start makes one and keeps it in DATA_DIR/master-key (mode 0600); with DATABASE_URL it must be set, the same for all processes. A wrong one refuses to start.',
  }),
  ADMIN_TOKEN: optional(text({ minLength: 32 }), {
    secret: true,
    doc: 'An API token with every scope. Without it the very first start makes one: printed when on a terminal, else kept in DATA_DIR/admin-token (mode 0600). With DATABASE_URL none is made: set it, or run `watmeter admin-token renew` once.',
  }),
  METRICS_TOKEN: optional(text({ minLength: 16 }), {
    secret: true,
    doc: 'Bearer token for GET /metrics from other machines; without it only loopback may read metrics.',
  }),
  SESSION_TTL: setting(duration(60_000, 30 * dayMs), {
    default: '8h',
    doc: 'How long a session token is valid. Use renews it (docs/reference/sessions.md).',
  }),
  SESSION_MAX: setting(duration(60_000, 365 * dayMs), {
    default: '7d',
    doc: 'The longest that a session lives, however often it is renewed.',
  }),
  ALLOWED_ORIGINS: optional(origins(), {
    doc: 'Origins whose pages may exchange, redeem and renew from a browser (CORS), `https://portal.example` with commas. Without it, none.',
  }),
  DIRECTORY_URL: optional(httpUrl(), {
    doc: 'Where the application says which viewers and resources it knows: tests of tokens ask it (docs/reference/tokens.md). Without it they ask what was registered under /api/v1/directory.',
  }),
  DIRECTORY_TOKEN: optional(text(), { secret: true, doc: 'Bearer token that DIRECTORY_URL is asked with.' }),
  DIRECTORY_TIMEOUT: setting(duration(100, 60_000), {
    default: '3s',
    doc: 'How long a test of a token waits for DIRECTORY_URL.',
  }),
  LINK_TARGET_URL: optional(httpUrl(), {
    doc: 'The address of the application that links (`/wat/<token>/<path>`) lead to; their paths are taken below it (docs/reference/links.md). Without it links answer 404.',
  }),
  LINK_HANDOFF: setting(oneOf('cookie', 'code'), {
    default: 'cookie',
    doc: 'How the application gets the session of a link: `cookie` for one on the same host or below COOKIE_DOMAIN, `code` for others: it redeems `wat_code`, once.',
  }),
  COOKIE_SAMESITE: setting(oneOf('lax', 'strict', 'none'), {
    default: 'lax',
    doc: 'SameSite of the session cookie. `none` is for frames in pages of other sites: the cookie is Partitioned, and needs https. With `strict`, links from other sites do not arrive with their session.',
  }),
  COOKIE_DOMAIN: optional(domainName(), {
    doc: 'Domain of the session cookie, where the application is on another host below it. Without it only the host of the link gets the cookie.',
  }),
  JOURNAL_LIMIT: setting(byteSize(1024 ** 2, 1024 ** 4), {
    default: '1GiB',
    doc: 'The most that the journal keeps. When this much waits to be stored, new sessions are refused with 503: none is granted uncounted.',
  }),
  JOURNAL_KEEP: setting(duration(0, 365 * dayMs), {
    default: '1d',
    doc: 'How long events stay in the journal after they were stored, within JOURNAL_LIMIT, so that they could be sent again.',
  }),
  SINK_LINGER: setting(duration(0, 60_000), {
    default: '200ms',
    doc: 'How long the sink gathers events at low traffic; up to twice as long when inserts are slow, up to five times from 1,000 sessions a second on. Lower is fresher, higher makes fewer and larger inserts.',
  }),
  SINK_MAX_ROWS: setting(integer(1, 100_000), {
    default: '50000',
    doc: 'The most events in one insert, when there is a backlog. Consumers of many partitions take less, within 120,000 that wait in memory.',
  }),
  OPENED_TOKENS_LIMIT: setting(byteSize(0, 16 * 1024 ** 3), {
    default: '64MiB',
    doc: 'Memory for tokens that were opened before, from their second use on, so that a link of many people is not opened each time. Expiry, disabling and deletion still act at once. `0KiB` switches it off.',
  }),
  KAFKA_BROKERS: optional(addresses(), {
    doc: 'Brokers of Apache Kafka, `host:port` with commas. When set, sessions go from the journal to Kafka, and consumers store them.',
  }),
  KAFKA_TOPIC: setting(topicName(), {
    default: 'watmeter.sessions',
    doc: 'The topic of the sessions. `watmeter topics` makes it, or says what is wrong with it.',
  }),
  KAFKA_GROUP: setting(text(), {
    default: 'watmeter',
    doc: 'The consumer group: its members share the partitions.',
  }),
  KAFKA_TLS: setting(oneOf('true', 'false'), {
    default: 'false',
    doc: 'Whether brokers are spoken to over TLS.',
  }),
  KAFKA_CA_FILE: optional(text(), {
    doc: 'PEM file of the authority that signed the brokers’ certificates, where Node does not know it.',
  }),
  KAFKA_SASL_MECHANISM: optional(oneOf('plain', 'scram-sha-256', 'scram-sha-512'), {
    doc: 'How to log in to the brokers; with KAFKA_USERNAME and KAFKA_PASSWORD.',
  }),
  KAFKA_USERNAME: optional(text(), { doc: 'User for SASL.' }),
  KAFKA_PASSWORD: optional(text(), { secret: true, doc: 'Password for SASL.' }),
  KAFKA_COMPRESSION: setting(oneOf('none', 'gzip'), {
    default: 'none',
    doc: 'How the relay compresses what it sends. `gzip` takes a sixth of the room and more CPU.',
  }),
  KAFKA_SESSION_TIMEOUT: setting(duration(6000, 300_000), {
    default: '30s',
    doc: 'After so long without a sign of life a consumer’s partitions go to others.',
  }),
  KAFKA_PARTITIONS: setting(integer(1, 1000), {
    default: '12',
    doc: 'Partitions that `watmeter topics` gives the topic: the most consumers that can share the work.',
  }),
  KAFKA_REPLICATION: setting(integer(1, 9), {
    default: '3',
    doc: 'Replicas of each partition that `watmeter topics` asks for.',
  }),
  KAFKA_MIN_IN_SYNC: setting(integer(1, 9), {
    default: '2',
    doc: 'Replicas that must have an event before it is acknowledged (min.insync.replicas), for `watmeter topics`.',
  }),
  KAFKA_RETENTION: setting(duration(hourMs, 3650 * dayMs), {
    default: '7d',
    doc: 'How long the topic keeps events, for `watmeter topics`.',
  }),
  CLICKHOUSE_URL: optional(httpUrl(), {
    doc: 'A ClickHouse server (its HTTP interface) in place of the embedded engine. On a cluster: one replica, or a balancer (see docs/explanation/clickhouse.md).',
  }),
  CLICKHOUSE_USER: setting(text(), { default: 'default', doc: 'User of the ClickHouse server.' }),
  CLICKHOUSE_PASSWORD: optional(text(), { secret: true, doc: 'Password of CLICKHOUSE_USER.' }),
  CLICKHOUSE_DATABASE: setting(sqlName(), {
    default: 'watmeter',
    doc: 'Database on the ClickHouse server. It is made if it is not there.',
  }),
  CLICKHOUSE_CA_FILE: optional(text(), {
    doc: 'PEM file of the authority that signed the certificate of the ClickHouse server, where the system does not know it.',
  }),
  CLICKHOUSE_CLUSTER: optional(sqlName({ macros: true }), {
    doc: 'Name of the cluster (as in `system.clusters`): tables are replicated, inserts need a quorum. One shard only.',
  }),
  QUERY_TIMEOUT: setting(duration(100, hourMs), {
    default: '30s',
    doc: 'The longest that a query of the usage API may run in ClickHouse.',
  }),
  LOG_LEVEL: setting(oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), {
    default: 'info',
    doc: 'Least level of log lines. Logs are JSON lines on standard error.',
  }),
  DANGEROUS_FAILPOINT: optional(text(), {
    doc: 'For tests only: kills the process with SIGKILL at a step of the delivery path (`name` or `name:n`, see docs/explanation/delivery.md).',
  }),
} as const;

export type SettingName = keyof typeof settings;

type ValueOf<S> = S extends { type: SettingType<infer T> }
  ? S extends { default: string }
    ? T
    : T | undefined
  : never;

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<S>;

/** Durations end in `Ms` and sizes in `Bytes` where they are handed on; here they keep the variable's name. */
export type Config = { readonly [Name in SettingName as CamelCase<Name>]: ValueOf<(typeof settings)[Name]> };
