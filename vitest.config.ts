import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const shared = {
  environment: 'node',
  setupFiles: ['test/support/secret-watch/setup.ts'],
  pool: 'forks',
  testTimeout: 20_000,
  hookTimeout: 30_000,
};

/** Suites by what they need: see CONTRIBUTING.md. `npm test` runs unit and integration. */
export default defineConfig({
  test: {
    maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
    projects: [
      {
        // Files share a process: they keep no state, and loading the modules anew takes longer than the tests.
        test: { ...shared, name: 'unit', include: ['test/unit/**/*.test.ts'], isolate: false },
      },
      {
        // A process for each: chdb has one directory for the life of a process.
        test: { ...shared, name: 'integration', include: ['test/integration/**/*.test.ts'] },
      },
    ],
  },
});
