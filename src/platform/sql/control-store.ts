import type { Kysely, Transaction } from 'kysely';

/**
 * The control store, with the types of the tables that a function uses. A store with more tables can be passed to the
 * function.
 */
export type ControlStore<Tables> = Kysely<Tables> | Transaction<Tables>;

/** An open control store, and what differs between SQLite and PostgreSQL. */
export interface ControlDatabase<Tables> {
  readonly store: ControlStore<Tables>;
  /** Statements that begin an exclusive transaction. Only one process at a time can have it, and others wait. */
  readonly beginExclusive: readonly string[];
  /** Converts a statement of sql/control to the dialect of this database. */
  adapt(statement: string): string;
}

/** Names of the tables that a domain owns. The type parameter contains their columns. */
export interface TableList<Tables> {
  readonly names: readonly string[];
  /**
   * Only for the type system: src/app/declared.ts infers the type of the tables from this member. No value is ever
   * set.
   */
  readonly columns?: Tables;
}

/** Defines the tables of a domain. A table that is missing from the list is a compiler error. */
export function defineTables<Tables>(names: Readonly<Record<keyof Tables, true>>): TableList<Tables> {
  return { names: Object.keys(names) };
}
