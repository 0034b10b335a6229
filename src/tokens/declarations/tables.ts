import { type ControlStore, defineTables } from '../../platform/sql/control-store.ts';
import type { SystemTables } from '../../platform/sql/system-tables.ts';

/**
 * Tables for token configurations, revocations and the directory. Times are in epoch milliseconds. Flags are 0 or 1.
 */
export interface TokenTables {
  token_configurations: {
    id: string;
    organisation_id: string;
    name: string;
    enabled: number;
    created_at: number;
    deleted_at: number | null;
  };
  configuration_keys: {
    id: string;
    configuration_id: string;
    public_key_digest: string;
    private_key: string;
    created_at: number;
    accepted_until: number | null;
  };
  revocations: {
    configuration_id: string;
    kind: string;
    digest: string;
    revoked_at: number;
    sessions_ended_at: number | null;
    expires_at: number | null;
    revision: number;
    id: string | null;
    created_at: number | null;
    ends_at: number | null;
    revoked_by: string | null;
    subject: string | null;
  };
  directory_subjects: { organisation_id: string; id: string; updated_at: number };
  directory_resources: { organisation_id: string; id: string; data_sources: string; updated_at: number };
}

/** The control store, typed with the tables of this domain and the system tables. */
export type TokenStore = ControlStore<TokenTables & SystemTables>;

export const tokenTables = defineTables<TokenTables>({
  token_configurations: true,
  configuration_keys: true,
  revocations: true,
  directory_subjects: true,
  directory_resources: true,
});
