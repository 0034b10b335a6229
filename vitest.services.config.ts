import { defineConfig } from 'vitest/config';
import { createTestProjects } from './test/support/vitest-projects.ts';

const matrix = 'test/**/*.matrix.test.ts';

/** Suites on real servers, which they start themselves, and what would make `npm test` long: `npm run test:services`. */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    reporters: ['verbose'],
    projects: createTestProjects({
      together: [
        { name: 'two at a time', include: 'test/services/**/*.test.ts', exclude: [matrix] },
        // Every file of the matrix runs on PostgreSQL. `npm test` runs those of test/unit and test/integration on SQLite.
        { name: 'SQLite', include: 'test/services/**/*.matrix.test.ts', controlStore: 'SQLite' },
        { name: 'PostgreSQL', include: matrix, controlStore: 'PostgreSQL' },
      ],
      // These files measure times: of the drawing of a page, of the order of calls in kafkajs.
      alone: { name: 'alone', include: 'test/services/{browser,kafkajs}/**/*.test.ts' },
      testTimeoutMs: 120_000,
    }),
  },
});
