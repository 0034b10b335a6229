import { type ControlStore, defineTables } from '../../platform/sql/control-store.ts';
import type { SystemTables } from '../../platform/sql/system-tables.ts';

/** Tables for link codes and open sessions. Times are in epoch milliseconds. */
export interface GatewayTables {
  link_codes: { digest: string; sealed_session: string; expires_at: number };
  session_claims: { session_id: string; claims: string; ends_at: number };
  first_page_loads: { session_id: string; ends_at: number };
}

/** The control store, typed with the tables of this domain and the system tables. */
export type GatewayStore = ControlStore<GatewayTables & SystemTables>;

export const gatewayTables = defineTables<GatewayTables>({
  link_codes: true,
  session_claims: true,
  first_page_loads: true,
});
