import type { Kysely, Transaction } from 'kysely';

/**
 * The control store, with the tables that its user knows. A store of more tables can be passed where fewer are known.
 */
export type ControlStore<Tables> = Kysely<Tables> | Transaction<Tables>;

/** An opened control store, and what differs between the databases that hold it. */
export interface ControlDatabase<Tables> {
  readonly store: ControlStore<Tables>;
  /** Begins a transaction that one process at a time is in, whatever it then does; the others wait. */
  readonly beginAlone: readonly string[];
  /** A statement of sql/control as this database has to read it. */
  adapt(statement: string): string;
}

/** The names of the tables that a domain owns; the type has their columns. */
export interface TableList<Tables> {
  readonly names: readonly string[];
  /** Never set: it carries the type to `TablesOf`. */
  readonly columns?: Tables;
}

/** Returns the list of a domain's tables. The type requires every one of them. */
export function defineTables<Tables>(names: Readonly<Record<keyof Tables, true>>): TableList<Tables> {
  return { names: Object.keys(names) };
}
