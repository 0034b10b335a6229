import type { ErrorTable } from './errors/define-errors.ts';

/** What a domain declares. Each domain has a `module.ts`, and `src/app/modules.ts` lists them. */
export interface Module {
  /** The errors that clients can meet. */
  readonly errors?: ErrorTable;
}
