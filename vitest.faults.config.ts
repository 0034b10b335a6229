import { defineConfig } from 'vitest/config';
import { createTestProjects } from './test/support/vitest-projects.ts';

/** Real processes that are killed, and disks that fill up: `npm run test:faults`. */
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  test: {
    reporters: ['verbose'],
    projects: createTestProjects({
      together: [{ name: 'one process', include: 'test/faults/**/*.test.ts' }],
      alone: { name: 'kafka', include: 'test/faults/kafka/**/*.test.ts' },
      testTimeoutMs: 180_000,
    }),
  },
});
