import { defineConfig } from 'vitest/config';

const shared = {
  environment: 'node',
  setupFiles: ['test/support/secret-watch/setup.ts'],
  pool: 'forks' as const,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // Progress is printed as it happens.
  disableConsoleIntercept: true,
};
/** They go by times: how long refusals take, when a page is drawn, what kafkajs does in which order. */
const alone = ['test/services/{browser,kafkajs,timing}/**/*.test.ts'];

/** Suites on real servers, which they start themselves, and what would make `npm test` long: `npm run test:services`. */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    reporters: ['verbose'],
    projects: [
      {
        test: {
          ...{ ...shared, name: 'two at a time', maxWorkers: 2, sequence: { groupOrder: 0 } },
          ...{ include: ['test/services/**/*.test.ts'], exclude: alone },
        },
      },
      {
        test: {
          ...{ ...shared, name: 'alone', maxWorkers: 1, sequence: { groupOrder: 1 } },
          ...{ include: alone },
        },
      },
    ],
  },
});
