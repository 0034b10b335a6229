import { readFileSync } from 'node:fs';
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { AppError } from '../../errors/errors.ts';
import type { ControlDatabase } from '../control-store.ts';
import { translatePostgresError } from './postgres-errors.ts';

/** Where a PostgreSQL database is, and how to get in. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  /** With TLS the server's certificate is verified, its name as well. */
  readonly tls: boolean;
}

export interface PostgresConfig {
  readonly address: PostgresAddress;
  /** PEM file of the authorities to trust, instead of those that Node knows. */
  readonly caFile: string | undefined;
}

export interface PostgresLimits {
  readonly connections: number;
  /** The longest that a statement may take, waiting for a lock included. */
  readonly statementTimeoutMs: number;
}

/** For requests: a handful of connections a process, and an answer or a 503 before clients lose patience. */
export const requestLimits: PostgresLimits = { connections: 5, statementTimeoutMs: 5000 };

/** For migrations: another process may be at it, and a large table may take its time. */
export const migrationLimits: PostgresLimits = { connections: 1, statementTimeoutMs: 600_000 };

const connectTimeoutMs = 5000;
/** What the server's own timeout gets before the connection counts as dead. */
const graceMs = 1000;
/** "watmeter" in ASCII: the number of the lock that whoever migrates takes. */
const migrationLock = '8602284776456742258';

/**
 * A control store that several processes share. It connects when it is first asked, and again by itself after the
 * server was away; meanwhile every call fails with AppError `control_store_unavailable`.
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
    // What our transactions rely on, whatever the database's own default is.
    options: '-c default_transaction_isolation=read\\ committed',
    keepAlive: true,
    types: { getTypeParser },
  });
  // An idle connection that breaks is replaced by the pool. Nobody listens for the error otherwise, and an error that
  // nobody listens for ends the process; so does one of a connection in use, beside failing its query.
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
    beginAlone: ['BEGIN', `SELECT pg_advisory_xact_lock(${migrationLock})`],
    adapt: orderTextByBytes,
  };
}

/**
 * One connection as Kysely uses it. After an error that says that nothing can be had from it, nothing more is asked on
 * it, not even to roll back, and it is thrown away: the next one to use it would wait as long, or find it closed.
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

/** Text is ordered and compared by its bytes, as SQLite does: a page ends at the same place on both. */
function orderTextByBytes(statement: string): string {
  return statement.replace(/\bTEXT\b/g, 'TEXT COLLATE "C"');
}

/** BIGINT (the only type whose reading differs) as a number, like all our instants and counters. */
function getTypeParser(typeId: number, format?: 'text' | 'binary') {
  if (typeId === pg.types.builtins.INT8 && format !== 'binary') return parseSafeInteger;
  return pg.types.getTypeParser(typeId, format as 'text');
}

function parseSafeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError('a BIGINT of the control store is no safe integer');
  return number;
}

function readCaFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`DATABASE_CA_FILE cannot be read: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
