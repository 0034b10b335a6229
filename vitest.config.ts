import { defineConfig } from 'vitest/config';

/** Suites by what they need: see CONTRIBUTING.md. `npm test` runs unit and integration. */
export default defineConfig({
  test: {
    environment: 'node',
    setupFiles: ['test/support/secret-watch/setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
    include: ['test/unit/**/*.test.ts', 'test/integration/**/*.test.ts'],
  },
});
