import type { TestProjectConfiguration } from 'vitest/config';
import type { ControlStoreName } from './services/control-store-matrix.ts';

interface Suite {
  readonly name: string;
  readonly include: string;
  readonly exclude?: readonly string[];
  /** The control store that the project provides to its files. */
  readonly controlStore?: ControlStoreName;
}

interface ProjectGroups {
  readonly together: readonly Suite[];
  /** Files that must run alone. Files that also match `together` run only here. */
  readonly alone: Suite;
  readonly testTimeoutMs: number;
}

/**
 * Returns the vitest projects for suites that start processes and servers. The files of `together` run two at
 * a time, because they mostly wait. The files of `alone` run one by one, after all others.
 */
export function createTestProjects({
  together,
  alone,
  testTimeoutMs,
}: ProjectGroups): TestProjectConfiguration[] {
  const shared = {
    environment: 'node',
    setupFiles: ['test/support/secret-watch/setup.ts'],
    pool: 'forks' as const,
    testTimeout: testTimeoutMs,
    hookTimeout: 120_000,
    // Without the interception, the output of a test appears immediately.
    disableConsoleIntercept: true,
  };
  const projectOf = ({ name, include, exclude = [], controlStore }: Suite) => ({
    ...shared,
    name,
    include: [include],
    exclude: [...exclude],
    provide: { controlStore },
  });
  const first = together.map((suite) => ({
    ...projectOf({ ...suite, exclude: [alone.include, ...(suite.exclude ?? [])] }),
    maxWorkers: 2,
    sequence: { groupOrder: 0 },
  }));
  const second = { ...projectOf(alone), maxWorkers: 1, sequence: { groupOrder: 1 } };
  return [...first, second].map((test) => ({ test }));
}
