import { defineConfig } from 'vitest/config';
import { inTwoTurns } from './test/support/vitest-turns.ts';

/** Suites on real servers, which they start themselves, and what would make `npm test` long: `npm run test:services`. */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    reporters: ['verbose'],
    projects: inTwoTurns({
      together: { name: 'two at a time', include: 'test/services/**/*.test.ts' },
      // They go by times: how long refusals take, when a page is drawn, what kafkajs does in which order.
      alone: { name: 'alone', include: 'test/services/{browser,kafkajs,timing}/**/*.test.ts' },
      testTimeoutMs: 120_000,
    }),
  },
});
