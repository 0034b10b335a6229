import type { CompletenessControlStore } from '../declarations/tables.ts';

/** A producer that has not ended, as its gateway registered it. */
export interface RegisteredProducer {
  readonly producer: string;
  /** Name of the gateway's machine. */
  readonly gateway: string;
  readonly registeredAtMs: number;
  /** Undefined unless an operator retired the producer. */
  readonly retired: { readonly atMs: number; readonly throughMs: number } | undefined;
}

/** The producers of all gateways of a cluster, in the control store. */
export interface ProducerRegistry {
  /** Adds a producer. Does nothing if the registry contains the producer. */
  register(producer: string, gateway: string, atMs: number): Promise<void>;
  /** Returns the producers that have not ended, oldest first. */
  open(): Promise<RegisteredProducer[]>;
  /** Returns which of the producers have ended. */
  ended(producers: readonly string[]): Promise<Set<string>>;
  /** Records that an operator retired a producer, and the watermark that it had then. */
  retire(producer: string, retired: NonNullable<RegisteredProducer['retired']>): Promise<void>;
  /** Records that the final watermarks of these producers are stored. */
  end(producers: readonly string[], atMs: number): Promise<void>;
}

const table = 'gateway_producers';

export function createProducerRegistry(control: CompletenessControlStore): ProducerRegistry {
  return {
    async register(producer, gateway, atMs) {
      const unset = { ended_at: null, retired_at: null, retired_through: null };
      await control
        .insertInto(table)
        .values({ producer, gateway, registered_at: atMs, ...unset })
        .onConflict((conflict) => conflict.column('producer').doNothing())
        .execute();
    },
    async open() {
      const rows = await control
        .selectFrom(table)
        .select(['producer', 'gateway', 'registered_at', 'retired_at', 'retired_through'])
        .where('ended_at', 'is', null)
        .orderBy('registered_at')
        .orderBy('producer')
        .execute();
      return rows.map(({ producer, gateway, registered_at, retired_at, retired_through }) => ({
        ...{ producer, gateway, registeredAtMs: Number(registered_at) },
        retired:
          retired_at === null
            ? undefined
            : { atMs: Number(retired_at), throughMs: Number(retired_through ?? 0) },
      }));
    },
    async ended(producers) {
      if (producers.length === 0) return new Set();
      const rows = await control
        .selectFrom(table)
        .select('producer')
        .where('producer', 'in', [...producers])
        .where('ended_at', 'is not', null)
        .execute();
      return new Set(rows.map(({ producer }) => producer));
    },
    async retire(producer, { atMs, throughMs }) {
      await control
        .updateTable(table)
        .set({ retired_at: atMs, retired_through: throughMs })
        .where('producer', '=', producer)
        .execute();
    },
    async end(producers, atMs) {
      if (producers.length === 0) return;
      await control
        .updateTable(table)
        .set({ ended_at: atMs })
        .where('producer', 'in', [...producers])
        .where('ended_at', 'is', null)
        .execute();
    },
  };
}
