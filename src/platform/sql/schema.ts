import type { Generated, Kysely } from 'kysely';

/** The tables of sql/control, as Kysely sees them. Instants are epoch milliseconds, flags 0 or 1. */
export interface ControlSchema {
  organisations: {
    id: string;
    name: string;
    name_key: string | null;
    created_at: number;
    viewer_key: string;
  };
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
  shared_keys: { id: string; purpose: string; secret: string; created_at: number };
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
  revocations: {
    configuration_id: string;
    kind: string;
    digest: string;
    revoked_at: number;
    sessions_ended_at: number | null;
    expires_at: number | null;
    revision: number;
  };
  revisions: { topic: string; revision: number };
  facts: { name: string; value: string };
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
  directory_subjects: { organisation_id: string; id: string; updated_at: number };
  directory_resources: { organisation_id: string; id: string; data_sources: string; updated_at: number };
  link_codes: { digest: string; sealed_session: string; expires_at: number };
  session_claims: { session_id: string; claims: string; ends_at: number };
  first_page_loads: { session_id: string; ends_at: number };
  schema_migrations: { name: string; applied_at: number };
}

export type ControlStore = Kysely<ControlSchema>;
