import { defineConfig } from 'vitest/config';

/** Real processes that are killed, and disks that fill up: `npm run test:faults`. Two files at a time: they wait more than they work. */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    environment: 'node',
    setupFiles: ['test/support/secret-watch/setup.ts'],
    include: ['test/faults/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // Progress is printed as it happens.
    disableConsoleIntercept: true,
    reporters: ['verbose'],
  },
});
