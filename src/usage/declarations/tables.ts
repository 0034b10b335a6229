import { type ControlStore, defineTables } from '../../platform/sql/control-store.ts';

/** Control store tables for usage. Instants are epoch milliseconds. */
export interface UsageTables {
  usage_rankings: {
    id: string;
    organisation_id: string;
    request_digest: string;
    items: string;
    size_bytes: number;
    created_at: number;
  };
  forgotten_viewers: {
    id: string;
    organisation_id: string;
    requested_at: number;
    sealed: string | null;
    published_at: number | null;
    replaced_at: number | null;
    gone_at: number | null;
  };
  maintenance_runs: { name: string; started_at: number };
}

/** The control store, typed with the usage tables and the system tables. */
export type UsageControlStore = ControlStore<UsageTables>;

export const usageTables = defineTables<UsageTables>({
  usage_rankings: true,
  forgotten_viewers: true,
  maintenance_runs: true,
});
