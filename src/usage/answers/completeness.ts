import type { Clock } from '../../platform/clock.ts';
import { planUsage } from '../query/plan.ts';
import { everything, singleSpan } from '../query/query.ts';
import type { UsageStore } from '../query/usage-store.ts';

/** How complete a response is. All members are null if this process does not know the watermark. */
export interface Completeness {
  /** Every session that was accepted before this instant is in the response. Null if no session was ever accepted. */
  readonly completeThrough: string | null;
  /** True if the range ends after `completeThrough`, so that its counts can still grow. */
  readonly provisional: boolean | null;
  /** Milliseconds from `completeThrough` to the time of the response. */
  readonly lagMs: number | null;
  /** Number of producers that `completeThrough` does not cover, because they publish no watermarks. Omitted if 0. */
  readonly unwatchedProducers?: number;
}

/** A watermark and the time at which it was read. */
export interface Watermark {
  /**
   * Every session that was accepted before this instant is stored. Undefined if only another process knows the
   * watermark.
   */
  readonly throughMs: number | undefined;
  readonly nowMs: number;
  /** Number of producers that the watermark does not cover. Undefined means 0. */
  readonly unwatchedProducers?: number | undefined;
}

export interface WatermarkDeps {
  readonly clock: Clock;
  readonly completeThroughMs: () => number | undefined;
  /** Returns the number of producers without watermarks. Omitted if there are none. */
  readonly unwatchedProducers?: (() => number) | undefined;
}

const unknown: Completeness = { completeThrough: null, provisional: null, lagMs: null };

/**
 * Reads the watermark for a response. Call it before the counts are read. Otherwise the counts may not contain every
 * session that the watermark covers.
 */
export function readWatermark({ clock, completeThroughMs, unwatchedProducers }: WatermarkDeps): Watermark {
  const throughMs = completeThroughMs();
  return { throughMs, nowMs: clock.nowMs(), unwatchedProducers: unwatchedProducers?.() };
}

/**
 * Returns how complete a response is for sessions before `endMs`.
 * @param total number of sessions that the response counts.
 */
export async function completenessOf(
  store: UsageStore,
  watermark: Watermark,
  { endMs, total }: { readonly endMs: number; readonly total: number },
): Promise<Completeness> {
  if (watermark.throughMs === undefined || (total === 0 && (await isEmpty(store)))) return unknown;
  return describeWatermark(watermark, endMs);
}

/** Returns how complete a response with this watermark is for sessions before `endMs`. */
export function describeWatermark(
  { throughMs, nowMs, unwatchedProducers = 0 }: Watermark,
  endMs: number,
): Completeness {
  if (throughMs === undefined) return unknown;
  return {
    ...(unwatchedProducers > 0 && { unwatchedProducers }),
    completeThrough: new Date(throughMs).toISOString(),
    provisional: endMs > throughMs,
    lagMs: Math.max(nowMs - throughMs, 0),
  };
}

/** Returns whether no session of any organisation was ever stored. */
async function isEmpty(store: UsageStore): Promise<boolean> {
  const { all } = await store.read(
    planUsage({
      filter: everything(),
      groupBy: 'none',
      spans: [singleSpan('total')],
      order: { by: 'total', descending: true },
    }),
  );
  return all.sessions.total === 0;
}
