import { createRequire } from 'node:module';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { withValues } from './literals.ts';

export type { ClickHouseClient } from '@clickhouse/client';

/** The embedded engine's database; that of a server is a setting. Queries name tables without one. */
export const database = 'watmeter';

const require = createRequire(import.meta.url);

/**
 * ClickHouse in this process, on disk. The directory belongs to one process at a time.
 *
 * Two traps of chdb that callers keep to (docs/explanation/clickhouse.md): settings given with one call stick to its
 * connection, so they stand in the statement's SETTINGS clause instead; and one connection runs one query at a
 * time, so writers and readers have their own.
 */
export function createEmbeddedClickHouse(path: string): ClickHouseClient {
  // Not imported above: an installation that only uses a server needs no chdb.
  const { createChdbConnection } = require('chdb/connection') as typeof import('chdb/connection');
  const connection = createChdbConnection({ path });
  const opened = connection.chdb
    .queryAsync(`CREATE DATABASE IF NOT EXISTS ${database}`)
    .then(() => connection.chdb.queryAsync(`USE ${database}`));
  // Whoever asks something hears of it.
  opened.catch(() => {});
  const afterOpening =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    (...args: A) =>
      opened.then(() => call.apply(connection, args));
  return createClient({
    connection: {
      ping: afterOpening(connection.ping),
      query: afterOpening(connection.query),
      insert: afterOpening(connection.insert),
      command: afterOpening(connection.command),
      exec: afterOpening(connection.exec),
      close: afterOpening(connection.close),
    } as never,
  });
}

/** A format whose rows are lines, so that chunks of a result can be joined. */
export type StreamFormat = 'JSONEachRow' | 'JSONCompactEachRow' | 'CSV' | 'TabSeparated';

/** Runs one statement and yields its result as it arrives. Memory does not grow with the result. */
export type OpenStream = (
  sql: string,
  params: Readonly<Record<string, unknown>>,
  format: StreamFormat,
) => AsyncIterable<Uint8Array>;

/**
 * Streams results of the embedded engine. The client buffers a whole result of chdb, so a stream has a connection of its
 * own and reads it in chunks with chdb's `queryStream`. Leaving the loop cancels the statement. Values are written into the
 * statement: values that chdb binds are state of the whole process, and a stream would disturb a query that runs at the
 * same time (see `queryBindAsync` of chdb).
 */
export function createEmbeddedStreams(path: string): OpenStream {
  const { Session } = require('chdb') as typeof import('chdb');
  return async function* stream(sql, params, format) {
    const session = new Session(path);
    try {
      await session.queryAsync(`USE ${database}`);
      for await (const chunk of session.queryStream(withValues(sql, params), { format })) yield chunk.raw();
    } finally {
      session.close();
    }
  };
}

/** Streams results of a server, as they arrive over HTTP. */
export function createServerStreams(client: ClickHouseClient): OpenStream {
  return async function* stream(sql, params, format) {
    const { stream: body } = await client.exec({
      query: `${sql} FORMAT ${format}`,
      query_params: { ...params },
    });
    yield* body as AsyncIterable<Uint8Array>;
  };
}

export interface ClickHouseServerConfig {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Undefined for what is asked before it exists. */
  readonly database: string | undefined;
  /** PEM of the authority that signed the server's certificate, where the system does not know it. */
  readonly certificateAuthority: Buffer | undefined;
  /** Longer than the server may take for any statement. */
  readonly requestTimeoutMs: number;
  readonly maxConnections: number;
  /** Sent with every statement. */
  readonly settings: Readonly<Record<string, string | number>>;
}

/** Less than ClickHouse's `keep_alive_timeout` of any version (3 s before 23.11, 10 s after). */
const idleConnectionMs = 2500;

/**
 * A ClickHouse server over HTTP. Connections are kept; what is sent is compressed, since batches are JSON and shrink
 * to a tenth. A request that times out may still be carried out by the server.
 */
export function createServerClickHouse(config: ClickHouseServerConfig): ClickHouseClient {
  return createClient({
    url: config.url,
    username: config.user,
    password: config.password,
    ...(config.database === undefined ? {} : { database: config.database }),
    ...(config.certificateAuthority === undefined ? {} : { tls: { ca_cert: config.certificateAuthority } }),
    application: 'watmeter',
    request_timeout: config.requestTimeoutMs,
    max_open_connections: config.maxConnections,
    keep_alive: { enabled: true, idle_socket_ttl: idleConnectionMs, eagerly_destroy_stale_sockets: true },
    compression: { request: true, response: true },
    clickhouse_settings: { ...config.settings },
    // Its log quotes the statements and data that failed, tags among them: errors are logged by who catches them.
    log: { level: ClickHouseLogLevel.OFF },
  });
}
