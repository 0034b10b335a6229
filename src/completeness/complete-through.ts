import { isImportProducer } from '../events/import-producer.ts';
import type { RegisteredProducer } from './registry/producer-registry.ts';
import type { StoredProducer } from './stored/stored-watermarks.ts';

/** What the stores contain about the producers of a cluster. */
export interface ProducersState {
  /** Registered producers that have not ended. */
  readonly registered: readonly RegisteredProducer[];
  /** Producers with stored watermarks, including those that have ended. */
  readonly stored: readonly StoredProducer[];
  /** Producers of an earlier version that neither a gateway nor an operator has ended. */
  readonly legacy: readonly string[];
}

/** A producer that can still have sessions that are not stored. */
export interface LiveProducer {
  readonly producer: string;
  /** Undefined if the producer is not registered. */
  readonly gateway: string | undefined;
  /** Every session that the producer accepted before this instant is stored. */
  readonly throughMs: number;
}

/** Returns the producers that have not ended and are not retired. */
export function liveProducers({ registered, stored }: Omit<ProducersState, 'legacy'>): LiveProducer[] {
  const byProducer = new Map(stored.map((each) => [each.producer, each]));
  const known = new Set(registered.map(({ producer }) => producer));
  const live: LiveProducer[] = [];
  for (const { producer, gateway, registeredAtMs, retired } of registered) {
    const throughMs = storedThroughMs(byProducer.get(producer), registeredAtMs);
    if (throughMs === undefined) continue;
    // A retired producer with a newer watermark has started to publish again, so it counts as live.
    if (retired === undefined || throughMs > retired.throughMs) live.push({ producer, gateway, throughMs });
  }
  for (const each of stored) {
    const throughMs = known.has(each.producer) ? undefined : storedThroughMs(each, 0);
    if (throughMs !== undefined) live.push({ producer: each.producer, gateway: undefined, throughMs });
  }
  return live;
}

/**
 * Returns the unwatched producers. They have stored sessions, are not registered, have not ended, and publish no
 * watermarks. Producers of an earlier version (`legacy`) are excluded, and imports, because an import ends with its file.
 * @param producers producers with stored sessions and without watermarks.
 */
export function openUnwatched(
  { registered, legacy }: Pick<ProducersState, 'registered' | 'legacy'>,
  producers: readonly string[],
  ended: ReadonlySet<string>,
): string[] {
  const known = new Set([...legacy, ...registered.map(({ producer }) => producer)]);
  return producers.filter(
    (producer) => !known.has(producer) && !ended.has(producer) && !isImportProducer(producer),
  );
}

/** Returns the retired producers that have not returned. */
export function retiredProducers(state: Pick<ProducersState, 'registered' | 'stored'>): LiveProducer[] {
  const live = new Set(liveProducers(state).map(({ producer }) => producer));
  return state.registered.flatMap(({ producer, gateway, retired }) =>
    retired === undefined || live.has(producer) ? [] : [{ producer, gateway, throughMs: retired.throughMs }],
  );
}

/**
 * Returns the instant before which all accepted sessions of a cluster are stored: the earliest instant of the live
 * producers, but not later than now. Returns undefined if the instant is not known, because no gateway publishes
 * watermarks, or because producers of an earlier version may still have sessions.
 */
export function completeThrough(state: ProducersState, nowMs: number): number | undefined {
  if (state.legacy.length > 0) return undefined;
  if (state.registered.length === 0 && state.stored.length === 0) return undefined;
  return Math.min(nowMs, ...liveProducers(state).map(({ throughMs }) => throughMs));
}

/**
 * Returns the earliest watermark of a producer over its partitions, or undefined if all watermarks are final. In a
 * partition without a watermark, the time of the registration is used, because the producer has no earlier events.
 */
function storedThroughMs(stored: StoredProducer | undefined, registeredAtMs: number): number | undefined {
  if (stored === undefined) return registeredAtMs;
  let throughMs = Number.POSITIVE_INFINITY;
  for (let partition = 0; partition < stored.partitions; partition += 1) {
    const watermark = stored.watermarks.get(partition);
    if (watermark?.isFinal) continue;
    throughMs = Math.min(throughMs, Math.max(watermark?.beforeMs ?? 0, registeredAtMs));
  }
  return throughMs === Number.POSITIVE_INFINITY ? undefined : throughMs;
}
