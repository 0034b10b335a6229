import type { Clock } from '../platform/clock.ts';
import { liveProducers, openUnwatched, type ProducersState, retiredProducers } from './complete-through.ts';
import type { CompletenessReader } from './completeness-reader.ts';
import type { ProducerRegistry } from './registry/producer-registry.ts';
import type { StoredWatermarks } from './stored/stored-watermarks.ts';

/**
 * `live`: a watermark of the last minute is stored. `gone`: the last stored watermark is older. `retired`: an operator
 * retired the producer. `legacy`: the producer was stored before watermarks existed. `unwatched`: the producer is not
 * registered and publishes no watermarks.
 */
export type GatewayState = 'live' | 'gone' | 'retired' | 'legacy' | 'unwatched';

/** A producer that has not ended. */
export interface ListedProducer {
  readonly producer: string;
  /** Name of the gateway. Undefined if the producer is not registered. */
  readonly gateway: string | undefined;
  readonly state: GatewayState;
  /** Every session that the producer accepted before this instant is stored. Undefined without a watermark. */
  readonly throughMs: number | undefined;
}

/** Lists and retires the gateways of a cluster. */
export interface Gateways {
  list(): Promise<ListedProducer[]>;
  /**
   * Retires the producers with this id or gateway name, except legacy ones. Returns the retired producers. They no longer
   * hold `completeThrough` back, until they publish again.
   */
  retire(name: string): Promise<string[]>;
  /** Retires all legacy producers, and returns them. */
  retireLegacy(): Promise<string[]>;
}

/** The gateways of an installation without Kafka: none, because its journal determines what is complete. */
export const noGateways: Gateways = {
  list: async () => [],
  retire: async () => [],
  retireLegacy: async () => [],
};

export interface GatewaysDeps {
  readonly reader: Pick<CompletenessReader, 'readState'>;
  readonly stored: Pick<StoredWatermarks, 'unwatched'>;
  readonly registry: ProducerRegistry;
  readonly clock: Clock;
}

const goneAfterMs = 60_000;
/** Gateway name of producers that an operator retired without a registration. */
const unregistered = 'unregistered';

export function createGateways({ reader, stored, registry, clock }: GatewaysDeps): Gateways {
  async function list(): Promise<ListedProducer[]> {
    const [state, unwatched] = await Promise.all([reader.readState(), stored.unwatched()]);
    const open = openUnwatched(state, unwatched, await registry.ended(unwatched));
    return listProducers(state, open, clock.nowMs());
  }

  async function retireAll(producers: readonly ListedProducer[]): Promise<string[]> {
    const nowMs = clock.nowMs();
    for (const { producer, gateway = unregistered, throughMs } of producers) {
      await registry.register(producer, gateway, throughMs ?? nowMs);
      // Without watermarks, it cannot return, so it has ended.
      if (throughMs === undefined) await registry.end([producer], nowMs);
      await registry.retire(producer, { atMs: nowMs, throughMs: throughMs ?? nowMs });
    }
    return producers.map(({ producer }) => producer);
  }

  return {
    list,
    async retire(name) {
      const named = ({ producer, gateway, state }: ListedProducer) =>
        state !== 'legacy' && state !== 'retired' && (producer === name || gateway === name);
      return retireAll((await list()).filter(named));
    },
    async retireLegacy() {
      return retireAll((await list()).filter(({ state }) => state === 'legacy'));
    },
  };
}

/** Returns all producers that have not ended. Pure. */
export function listProducers(
  state: ProducersState,
  unwatched: readonly string[],
  nowMs: number,
): ListedProducer[] {
  const stateOf = (throughMs: number) => (nowMs - throughMs > goneAfterMs ? 'gone' : 'live');
  const withoutWatermark = { gateway: undefined, throughMs: undefined };
  return [
    ...liveProducers(state).map((each) => ({ ...each, state: stateOf(each.throughMs) }) as const),
    ...retiredProducers(state).map((each) => ({ ...each, state: 'retired' }) as const),
    ...state.legacy.map((producer) => ({ producer, ...withoutWatermark, state: 'legacy' }) as const),
    ...unwatched.map((producer) => ({ producer, ...withoutWatermark, state: 'unwatched' }) as const),
  ];
}
