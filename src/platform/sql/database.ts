import type { ControlStore } from './schema.ts';

/** An opened control store, and what differs between the databases that it may lie in. */
export interface ControlDatabase {
  readonly store: ControlStore;
  /** Begins a transaction that one process at a time is in, whatever it then does; the others wait. */
  readonly beginAlone: readonly string[];
  /** A statement of sql/control as this database has to read it. */
  adapt(statement: string): string;
}
