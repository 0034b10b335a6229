import type { TestProjectConfiguration } from 'vitest/config';

interface Turns {
  readonly together: { readonly name: string; readonly include: string };
  /** Files of `together` that bear no other one beside them. */
  readonly alone: { readonly name: string; readonly include: string };
  readonly testTimeoutMs: number;
}

/** Suites that start processes and servers: two files at a time, since they wait more than they work; then the others. */
export function inTwoTurns({ together, alone, testTimeoutMs }: Turns): TestProjectConfiguration[] {
  const shared = {
    environment: 'node',
    setupFiles: ['test/support/secret-watch/setup.ts'],
    pool: 'forks' as const,
    testTimeout: testTimeoutMs,
    hookTimeout: 120_000,
    // Progress is printed as it happens.
    disableConsoleIntercept: true,
  };
  return [
    {
      test: {
        ...shared,
        name: together.name,
        include: [together.include],
        exclude: [alone.include],
        maxWorkers: 2,
        sequence: { groupOrder: 0 },
      },
    },
    {
      test: {
        ...shared,
        name: alone.name,
        include: [alone.include],
        maxWorkers: 1,
        sequence: { groupOrder: 1 },
      },
    },
  ];
}
