import { defineConfig } from 'vitest/config';

const shared = {
  environment: 'node',
  setupFiles: ['test/support/secret-watch/setup.ts'],
  pool: 'forks' as const,
  testTimeout: 180_000,
  hookTimeout: 120_000,
  // Progress is printed as it happens.
  disableConsoleIntercept: true,
};
const onKafka = ['test/faults/kafka/**/*.test.ts'];

/** Real processes that are killed, and disks that fill up: `npm run test:faults`. */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    reporters: ['verbose'],
    projects: [
      {
        // They wait more than they work.
        test: {
          ...{ ...shared, name: 'one process', maxWorkers: 2, sequence: { groupOrder: 0 } },
          ...{ include: ['test/faults/**/*.test.ts'], exclude: onKafka },
        },
      },
      {
        test: {
          ...{ ...shared, name: 'kafka', maxWorkers: 1, sequence: { groupOrder: 1 } },
          ...{ include: onKafka },
        },
      },
    ],
  },
});
