import type { Kysely, Transaction } from 'kysely';

/**
 * The control store, typed with the tables that a function uses. A store with more tables can be passed to a
 * function that declares fewer.
 */
export type ControlStore<Tables> = Kysely<Tables> | Transaction<Tables>;

/** An open control store, with the statements that differ between SQLite and PostgreSQL. */
export interface ControlDatabase<Tables> {
  readonly store: ControlStore<Tables>;
  /** Statements that begin a transaction that only one process at a time can hold. Other processes wait. */
  readonly beginExclusive: readonly string[];
  /** Converts a statement of sql/control to the dialect of this database. */
  adapt(statement: string): string;
}

/** Names of the tables that a domain owns. The type parameter contains their columns. */
export interface TableList<Tables> {
  readonly names: readonly string[];
  /** Exists only for its type, which `TablesOf` reads. It is never set. */
  readonly columns?: Tables;
}

/** Defines the tables of a domain. The compiler reports a table that is missing from the list. */
export function defineTables<Tables>(names: Readonly<Record<keyof Tables, true>>): TableList<Tables> {
  return { names: Object.keys(names) };
}
