import { createRequire } from 'node:module';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { restoreDefaultSignalActions } from '../native/signal-actions.ts';
import { withValues } from './literals.ts';

export type { ClickHouseClient } from '@clickhouse/client';

/**
 * Name of the database in the embedded engine. On a server, the setting CLICKHOUSE_DATABASE is the name. Queries
 * therefore use table names without a database.
 */
export const database = 'watmeter';

const require = createRequire(import.meta.url);

/**
 * Creates a client for the embedded ClickHouse (chdb), which stores its data in a directory. Only one process at a
 * time can use the directory. Callers must respect two limits of chdb (docs/explanation/clickhouse.md):
 *
 * - Settings that a call passes separately stay set on its connection. They must be in the SETTINGS clause of the
 *   statement instead.
 * - A connection runs one query at a time. Writers and readers need separate connections.
 *
 * The signal handlers of chdb are removed after a connection has opened (see `restoreDefaultSignalActions`).
 */
export function createEmbeddedClickHouse(path: string): ClickHouseClient {
  // chdb is loaded only when it is used, so that an installation with a ClickHouse server does not need it.
  const { createChdbConnection } = require('chdb/connection') as typeof import('chdb/connection');
  const connection = createChdbConnection({ path });
  const opened = connection.chdb
    .queryAsync(`CREATE DATABASE IF NOT EXISTS ${database}`)
    .then(() => connection.chdb.queryAsync(`USE ${database}`))
    .then(() => connection.chdb.queryAsync(`SET max_query_size = ${maxQueryBytes}`))
    .finally(restoreDefaultSignalActions);
  // Every call of the client rejects with this error. Without the handler, the rejection would also be unhandled and
  // end the process.
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

/** Formats with one line per row, so that the chunks of a result can be concatenated. */
export type StreamFormat = 'JSONEachRow' | 'JSONCompactEachRow' | 'CSV' | 'TabSeparated';

/**
 * Runs one statement and yields its result in chunks, as they arrive. Memory use does not depend on the size of the
 * result.
 */
export type OpenStream = (
  sql: string,
  params: Readonly<Record<string, unknown>>,
  format: StreamFormat,
) => AsyncIterable<Uint8Array>;

/**
 * Creates a function that streams results of the embedded engine. The client would buffer a whole result. Each stream
 * therefore opens its own connection and reads chunks with chdb's `queryStream`. A consumer that leaves the loop
 * cancels the statement. The function writes parameter values into the statement, because chdb stores bound values
 * for the whole process, and they would affect other queries that run at the same time (see `queryBindAsync` of
 * chdb).
 */
export function createEmbeddedStreams(path: string): OpenStream {
  const { Session } = require('chdb') as typeof import('chdb');
  return async function* stream(sql, params, format) {
    const session = new Session(path);
    try {
      await session.queryAsync(`USE ${database}`);
      await session.queryAsync(`SET max_query_size = ${maxQueryBytes}`);
      restoreDefaultSignalActions();
      for await (const chunk of session.queryStream(withValues(sql, params), { format })) yield chunk.raw();
    } finally {
      session.close();
    }
  };
}

/**
 * Maximum length of a statement. A query with many time windows is longer than ClickHouse's default of 256 KiB. A
 * SETTINGS clause cannot raise this limit, because the server needs it before it parses the statement.
 */
const maxQueryBytes = 4 * 1024 ** 2;

/** Creates a function that streams results from a server, as they arrive over HTTP. */
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
  /** Undefined if the client runs statements before the database exists. */
  readonly database: string | undefined;
  /**
   * PEM certificate of the authority that signed the server's certificate. Undefined: Node's built-in list of
   * authorities.
   */
  readonly certificateAuthority: Buffer | undefined;
  /** Timeout of a request. It must be longer than the longest statement on the server. */
  readonly requestTimeoutMs: number;
  readonly maxConnections: number;
  /** Settings that the client sends with every statement. */
  readonly settings: Readonly<Record<string, string | number>>;
}

/**
 * How long an idle connection is kept. It is shorter than the `keep_alive_timeout` of every ClickHouse
 * version (3 s before 23.11, 10 s since then).
 */
const idleConnectionMs = 2500;

/**
 * Creates a client for a ClickHouse server over HTTP. The client reuses connections. It compresses requests, because
 * batches are JSON and shrink to a tenth. If a request times out, the server may still complete it.
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
    clickhouse_settings: { max_query_size: String(maxQueryBytes), ...config.settings },
    // The client would log failed statements with their data, such as tags. Callers log errors without the data.
    log: { level: ClickHouseLogLevel.OFF },
  });
}
