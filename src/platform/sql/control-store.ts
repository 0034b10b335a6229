import type { Kysely, Transaction } from 'kysely';

/**
 * The control store, typed with the tables that its user reads. A store with more tables can be passed where fewer are
 * declared.
 */
export type ControlStore<Tables> = Kysely<Tables> | Transaction<Tables>;

/** An open control store, with the statements that differ between SQLite and PostgreSQL. */
export interface ControlDatabase<Tables> {
  readonly store: ControlStore<Tables>;
  /** The statements that begin a transaction that only one process at a time can hold. Other processes wait. */
  readonly beginExclusive: readonly string[];
  /** Returns a statement of sql/control in the dialect of this database. */
  adapt(statement: string): string;
}

/** The names of the tables that a domain owns. The type parameter holds their columns. */
export interface TableList<Tables> {
  readonly names: readonly string[];
  /** Never set. `TablesOf` reads its type. */
  readonly columns?: Tables;
}

/** Returns the list of a domain's tables. The compiler reports a table that is missing from the list. */
export function defineTables<Tables>(names: Readonly<Record<keyof Tables, true>>): TableList<Tables> {
  return { names: Object.keys(names) };
}
