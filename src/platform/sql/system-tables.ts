import { defineTables } from './control-store.ts';

/** Tables that `platform` owns. Instants are epoch milliseconds. */
export interface SystemTables {
  shared_keys: { id: string; purpose: string; secret: string; created_at: number };
  revisions: { topic: string; revision: number };
  facts: { name: string; value: string };
  schema_migrations: { name: string; applied_at: number };
}

export const systemTables = defineTables<SystemTables>({
  shared_keys: true,
  revisions: true,
  facts: true,
  schema_migrations: true,
});
