import { describe, inject } from 'vitest';
import { type ControlStores, embeddedStores } from '../control-stores.ts';
import { describeOnPostgres } from './postgres-stores.ts';

/** The control stores that a `*.matrix.test.ts` file runs on. */
export type ControlStoreName = 'SQLite' | 'PostgreSQL';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The control store of the vitest project that runs the file. */
    controlStore: ControlStoreName | undefined;
  }
}

/**
 * Describes the test cases in a `*.matrix.test.ts` file for the control store that the vitest project provides.
 *
 * @throws Error if the project provides no control store, because the cases would then run on an arbitrary store.
 */
export function describeOnControlStore(cases: (stores: ControlStores) => void): void {
  const name = inject('controlStore');
  if (name === 'SQLite') describe(name, () => cases(embeddedStores));
  else if (name === 'PostgreSQL') describeOnPostgres(cases);
  else throw new Error('the vitest project provides no `controlStore`');
}
