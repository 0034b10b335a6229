import type { Generated } from 'kysely';
import { type ControlStore, defineTables } from '../../platform/sql/control-store.ts';
import type { SystemTables } from '../../platform/sql/system-tables.ts';

/**
 * Tables for organisations, API tokens, dashboard sessions and the audit log. Times are in epoch milliseconds. Flags
 * are 0 or 1.
 */
export interface AccessTables {
  organisations: {
    id: string;
    name: string;
    name_key: string | null;
    created_at: number;
    viewer_key: string;
  };
  api_tokens: {
    id: string;
    organisation_id: string | null;
    name: string;
    scopes: string;
    secret_digest: string | null;
    created_at: number;
    expires_at: number | null;
    revoked_at: number | null;
    name_key: string | null;
    expires_in: Generated<string>;
    generated_at: number | null;
    activated_at: number | null;
    last_used_at: number | null;
    configuration_ids: string | null;
  };
  api_token_log: {
    id: string;
    token_id: string;
    at: number;
    token_name: string;
    activity: string;
    activity_by: string;
    result: string | null;
  };
  ui_sessions: { id: string; api_token_id: string; created_at: number; expires_at: number };
  audit_log: {
    id: string;
    at: number;
    actor: string;
    action: string;
    target: string;
    result: string;
    details: string;
    organisation_id: string | null;
  };
  refused_exchanges: {
    configuration_id: string;
    reason: string;
    day: number;
    organisation_id: string;
    refusals: number;
    last_at: number;
  };
}

/** The control store, typed with the tables of this domain and the system tables. */
export type AccessStore = ControlStore<AccessTables & SystemTables>;

export const accessTables = defineTables<AccessTables>({
  organisations: true,
  api_tokens: true,
  api_token_log: true,
  ui_sessions: true,
  audit_log: true,
  refused_exchanges: true,
});
