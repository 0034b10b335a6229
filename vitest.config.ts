import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const shared = {
  environment: 'node',
  setupFiles: ['test/support/secret-watch/setup.ts'],
  pool: 'forks' as const,
  testTimeout: 20_000,
  hookTimeout: 30_000,
};
/**
 * Files share a process, because loading the modules for each file takes longer than its tests. They keep no state in it.
 * A `*.matrix.test.ts` file runs on SQLite here and on PostgreSQL in `npm run test:services`.
 */
const sharing = { ...shared, isolate: false, provide: { controlStore: 'SQLite' as const } };

/** Suites by what they need: see CONTRIBUTING.md. `npm test` runs unit and integration. */
export default defineConfig({
  test: {
    maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
    projects: [
      { test: { ...sharing, name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      { test: { ...sharing, name: 'processes', include: ['test/integration/{http,control}/**/*.test.ts'] } },
      {
        // A process for each: chdb has one directory for the life of a process.
        test: {
          ...shared,
          name: 'stores',
          include: ['test/integration/**/*.test.ts'],
          exclude: ['test/integration/{http,control}/**'],
        },
      },
    ],
  },
});
