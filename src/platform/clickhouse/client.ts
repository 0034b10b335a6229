import { createRequire } from 'node:module';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { withValues } from './literals.ts';

export type { ClickHouseClient } from '@clickhouse/client';

/** Database of the embedded engine. On a server it is a setting, so queries do not qualify their tables. */
export const database = 'watmeter';

const require = createRequire(import.meta.url);

/**
 * Creates a client for the embedded ClickHouse (chdb), which stores its data in a directory. Only one process
 * at a time can use the directory. Callers must respect two limits of chdb (docs/explanation/clickhouse.md):
 *
 * - Settings that are passed with one call stay set on its connection. Pass them in the SETTINGS clause of
 *   the statement instead.
 * - A connection runs one query at a time. Give writers and readers separate connections.
 */
export function createEmbeddedClickHouse(path: string): ClickHouseClient {
  // Load chdb only when it is used, so that an installation with a ClickHouse server does not need it.
  const { createChdbConnection } = require('chdb/connection') as typeof import('chdb/connection');
  const connection = createChdbConnection({ path });
  const opened = connection.chdb
    .queryAsync(`CREATE DATABASE IF NOT EXISTS ${database}`)
    .then(() => connection.chdb.queryAsync(`USE ${database}`));
  // Every call of the client rejects with this error. This handler only prevents an unhandled rejection.
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

/** A format with one line per row, so that chunks of a result can be concatenated. */
export type StreamFormat = 'JSONEachRow' | 'JSONCompactEachRow' | 'CSV' | 'TabSeparated';

/** Runs one statement and yields its result as it arrives. Memory use does not depend on the result size. */
export type OpenStream = (
  sql: string,
  params: Readonly<Record<string, unknown>>,
  format: StreamFormat,
) => AsyncIterable<Uint8Array>;

/**
 * Creates a function that streams results of the embedded engine. The client would buffer a whole result, so
 * each stream opens its own connection and reads chunks with chdb's `queryStream`. A consumer that leaves the
 * loop cancels the statement. Parameter values are written into the statement, because chdb stores bound
 * values for the whole process, and a stream would then affect a query that runs at the same time (see
 * `queryBindAsync` of chdb).
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

/** Creates a function that streams results of a server as they arrive over HTTP. */
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
  /** Undefined for statements that run before the database exists. */
  readonly database: string | undefined;
  /** PEM certificate of the server's certificate authority. Undefined: Node's built-in list. */
  readonly certificateAuthority: Buffer | undefined;
  /** Timeout of a request. It must be longer than the longest statement on the server. */
  readonly requestTimeoutMs: number;
  readonly maxConnections: number;
  /** Sent with every statement. */
  readonly settings: Readonly<Record<string, string | number>>;
}

/**
 * How long an idle connection is kept. It is shorter than the `keep_alive_timeout` of every ClickHouse
 * version (3 s before 23.11, 10 s since then).
 */
const idleConnectionMs = 2500;

/**
 * Creates a client for a ClickHouse server over HTTP. It reuses connections. It compresses requests, because
 * batches are JSON and shrink to a tenth. The server may still complete a request that timed out.
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
    // The client's log would contain failed statements with their data, such as tags. Callers log errors
    // without the data.
    log: { level: ClickHouseLogLevel.OFF },
  });
}
