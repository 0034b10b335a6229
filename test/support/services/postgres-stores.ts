import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { parseConfig } from '../../../src/app/config.ts';
import type { ControlStores } from '../control-stores.ts';
import { createTemporaryDirectory } from '../temporary-directory.ts';
import { describeServices } from './need.ts';
import { type PostgresOptions, type PostgresServer, startPostgres } from './postgres.ts';

/** Control stores in PostgreSQL. A test file has one server, and each store has its own database. */
export interface PostgresStores extends ControlStores {
  server(): PostgresServer;
}

/** Describes a suite with its own PostgreSQL server. `describeServices` handles machines without PostgreSQL. */
export function describeOnPostgres(
  cases: (stores: PostgresStores) => void,
  options: PostgresOptions = {},
): void {
  describeServices('PostgreSQL', ['postgres'], () => {
    let running: PostgresServer | undefined;
    beforeAll(async () => {
      running = await startPostgres(options);
    }, 60_000);
    afterAll(() => running?.remove());
    const server = () => {
      if (running === undefined) throw new Error('the server runs only inside a test');
      return running;
    };
    cases({ name: 'PostgreSQL', server, create: () => createPlace(server()) });
  });
}

async function createPlace(server: PostgresServer) {
  const { path, remove } = createTemporaryDirectory('control');
  const url = await server.createDatabase();
  const masterKey = randomBytes(32).toString('base64url');
  const env = { DATA_DIR: path, DATABASE_URL: url, MASTER_KEY: masterKey };
  const parsed = parseConfig(env);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const { dataDir, databaseUrl, databaseCaFile } = parsed.config;
  return {
    config: { dataDir, databaseUrl, databaseCaFile, masterKey },
    env,
    readBytes: () => server.dump(url),
    remove: async () => remove(),
  };
}
