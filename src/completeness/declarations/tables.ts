import { type ControlStore, defineTables } from '../../platform/sql/control-store.ts';

/** Control store tables of the watermarks. Instants are epoch milliseconds. */
export interface CompletenessTables {
  gateway_producers: {
    producer: string;
    gateway: string;
    registered_at: number;
    ended_at: number | null;
    retired_at: number | null;
    retired_through: number | null;
  };
}

/** The control store, typed with the tables of the watermarks and the system tables. */
export type CompletenessControlStore = ControlStore<CompletenessTables>;

export const completenessTables = defineTables<CompletenessTables>({ gateway_producers: true });
