import type { Fault } from '../platform/errors/errors.ts';
import type { Config } from './config.ts';

/** Roles of a process. `all` includes all others (docs/how-to/scale-out.md). */
export const roles = ['all', 'gateway', 'consumer', 'api'] as const;
export type Role = (typeof roles)[number];

type Needed = 'KAFKA_BROKERS' | 'CLICKHOUSE_URL' | 'DATABASE_URL';

const needs: Readonly<Record<Role, readonly Needed[]>> = {
  all: [],
  gateway: ['KAFKA_BROKERS', 'DATABASE_URL'],
  consumer: ['KAFKA_BROKERS', 'CLICKHOUSE_URL'],
  api: ['CLICKHOUSE_URL', 'DATABASE_URL'],
};

const reasons: Readonly<Record<Needed, string>> = {
  KAFKA_BROKERS: 'sessions go from gateways to consumers through Kafka',
  CLICKHOUSE_URL: 'the embedded ClickHouse belongs to one process',
  DATABASE_URL: 'gateways and the API share one control store',
};

/**
 * Checks that the settings for a role are set. The command line has already reported missing settings. This check
 * prevents other callers from opening stores that belong to another process.
 * @throws Error that lists every missing setting.
 */
export function requireRoleSettings(role: Role, config: Config): void {
  const faults = roleFaults(role, config).map(({ path, message }) => `${path} ${message}`);
  if (faults.length > 0) throw new Error(faults.join('; '));
}

/** Returns a validation error for each required setting of a role that is not set. Pure. */
export function roleFaults(role: Role, config: Config): Fault[] {
  const values: Readonly<Record<Needed, unknown>> = {
    KAFKA_BROKERS: config.kafkaBrokers,
    CLICKHOUSE_URL: config.clickhouseUrl,
    DATABASE_URL: config.databaseUrl,
  };
  return needs[role]
    .filter((name) => values[name] === undefined)
    .map((name) => ({ path: name, message: `must be set for the role ${role}: ${reasons[name]}` }));
}
