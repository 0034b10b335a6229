import { readFileSync } from 'node:fs';
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { AppError } from '../../errors/errors.ts';
import type { ControlDatabase } from '../control-store.ts';
import type { DatabaseUrl } from './database-url.ts';
import { translatePostgresError } from './postgres-errors.ts';

export interface PostgresConfig {
  readonly address: DatabaseUrl;
  /** PEM file with trusted certificate authorities. Undefined: Node's built-in list of authorities. */
  readonly caFile: string | undefined;
}

export interface PostgresLimits {
  readonly connections: number;
  /** Maximum duration of a statement, including its waits for locks. */
  readonly statementTimeoutMs: number;
}

/**
 * Limits for requests: a process has at most 5 connections, and a request gets a result or a 503 within about 5
 * seconds.
 */
export const requestLimits: PostgresLimits = { connections: 5, statementTimeoutMs: 5000 };

/**
 * Limits for migrations. A migration waits for a migration by another process, and changing a large table takes
 * minutes.
 */
export const migrationLimits: PostgresLimits = { connections: 1, statementTimeoutMs: 600_000 };

const connectTimeoutMs = 5000;
/**
 * Time between the server's statement timeout and the client's own timeout, after which the client closes the
 * connection.
 */
const graceMs = 1000;
/** Number of the advisory lock that a migration takes: "watmeter" in ASCII. */
const migrationLock = '8602284776456742258';

/**
 * Opens a control store in PostgreSQL, which several processes can share. The connection is opened by the first
 * query. During an outage, every call rejects with AppError `control_store_unavailable`. The first query after the
 * outage reconnects.
 * @throws Error if the CA file cannot be read.
 */
export function openPostgresControlStore<Tables>(
  { address, caFile }: PostgresConfig,
  limits: PostgresLimits = requestLimits,
): ControlDatabase<Tables> {
  const { tls, ...place } = address;
  const pool = new pg.Pool({
    ...place,
    ssl: tls && { rejectUnauthorized: true, ...(caFile !== undefined && { ca: readCaFile(caFile) }) },
    application_name: 'watmeter',
    max: limits.connections,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: limits.statementTimeoutMs,
    query_timeout: limits.statementTimeoutMs + graceMs,
    idle_in_transaction_session_timeout: limits.statementTimeoutMs + graceMs,
    // The transactions need this isolation level, and the database may have another default.
    options: '-c default_transaction_isolation=read\\ committed',
    keepAlive: true,
    types: { getTypeParser },
  });
  // An `error` event without a listener ends the process. The pool emits one when an idle connection breaks, and
  // replaces the connection. A client emits one when the connection that it uses breaks, and its query rejects too.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));

  const translated = {
    async connect() {
      try {
        return translateErrors(await pool.connect());
      } catch (error) {
        throw translatePostgresError(error);
      }
    },
    end: () => pool.end(),
  };
  return {
    store: new Kysely<Tables>({ dialect: new PostgresDialect({ pool: translated }) }),
    beginExclusive: ['BEGIN', `SELECT pg_advisory_xact_lock(${migrationLock})`],
    adapt: orderTextByBytes,
  };
}

/**
 * Creates a client for Kysely that translates errors. After an error that makes the connection unusable, the client
 * sends no more statements, not even a rollback, and the pool discards the connection. Otherwise the next user of the
 * connection would wait for the same timeout, or get a closed connection.
 */
function translateErrors(client: pg.PoolClient): PostgresPoolClient {
  let broken: Error | undefined;
  const query: unknown = async (statement: string, parameters: readonly unknown[]) => {
    if (broken !== undefined) throw broken;
    try {
      return await client.query(statement, [...parameters]);
    } catch (error) {
      const translated = translatePostgresError(error);
      if (translated instanceof AppError && translated.kind === 'unavailable') broken = translated;
      throw translated;
    }
  };
  return { query: query as PostgresPoolClient['query'], release: () => client.release(broken !== undefined) };
}

/**
 * Makes the text columns in a statement compare by bytes, as in SQLite. Pages of a list then end at the same row in
 * both databases.
 */
function orderTextByBytes(statement: string): string {
  return statement.replace(/\bTEXT\b/g, 'TEXT COLLATE "C"');
}

/**
 * Returns the parser for a column type. A BIGINT becomes a number, because instants and counters are numbers in the
 * code.
 */
function getTypeParser(typeId: number, format?: 'text' | 'binary') {
  if (typeId === pg.types.builtins.INT8 && format !== 'binary') return parseSafeInteger;
  return pg.types.getTypeParser(typeId, format as 'text');
}

function parseSafeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number))
    throw new RangeError('a BIGINT of the control store is not a safe integer');
  return number;
}

function readCaFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`DATABASE_CA_FILE cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
