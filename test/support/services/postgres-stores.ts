import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import { parseConfig } from '../../../src/config/parse.ts';
import type { ControlStores } from '../control-stores.ts';
import { createTemporaryDirectory } from '../temporary-directory.ts';
import { findPostgres, type PostgresOptions, type PostgresServer, startPostgres } from './postgres.ts';

/** Control stores in PostgreSQL, with the server that holds them: one a file, a database for each store. */
export interface PostgresStores extends ControlStores {
  server(): PostgresServer;
}

/**
 * Runs a file's cases on PostgreSQL. Without one they are skipped, and said to be; where CI is set that is a failure:
 * there it has to be installed.
 */
export function describeOnPostgres(
  cases: (stores: PostgresStores) => void,
  options: PostgresOptions = {},
): void {
  const missing = findPostgres() === undefined && !process.env['CI'];
  describe.skipIf(missing)(missing ? 'PostgreSQL (SKIPPED: it is not installed)' : 'PostgreSQL', () => {
    let running: PostgresServer | undefined;
    beforeAll(async () => {
      running = await startPostgres(options);
    }, 60_000);
    afterAll(() => running?.remove());
    const server = () => {
      if (running === undefined) throw new Error('the server is only there inside a test');
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
