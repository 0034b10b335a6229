import { defineConfig } from 'vitest/config';

/** Suites on real servers, which they start themselves: `npm run test:services`. One file after another. */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    environment: 'node',
    setupFiles: ['test/support/secret-watch/setup.ts'],
    include: ['test/services/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Progress is printed as it happens.
    disableConsoleIntercept: true,
    reporters: ['verbose'],
  },
});
