import { type ControlStore, defineTables } from '../../platform/sql/control-store.ts';

/** The tables of usage. Instants are epoch milliseconds. */
export interface UsageTables {
  usage_rankings: {
    id: string;
    organisation_id: string;
    request_digest: string;
    items: string;
    size_bytes: number;
    created_at: number;
  };
}

/** The control store, typed with the tables of this domain and the system tables. */
export type UsageControlStore = ControlStore<UsageTables>;

export const usageTables = defineTables<UsageTables>({ usage_rankings: true });
