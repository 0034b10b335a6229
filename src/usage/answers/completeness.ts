import type { Clock } from '../../platform/clock.ts';
import { planUsage } from '../query/plan.ts';
import { everything, singleSpan } from '../query/query.ts';
import type { UsageStore } from '../query/usage-store.ts';

/** What an answer says about sessions that are not in it yet. All members are null where the watermark is not known. */
export interface Completeness {
  /** Every session accepted before this instant is in the answer; null before the first session of all. */
  readonly completeThrough: string | null;
  /** Whether the range reaches past `completeThrough`, so that its counts can still grow. */
  readonly provisional: boolean | null;
  /** The milliseconds from `completeThrough` to the moment of the answer. */
  readonly lagMs: number | null;
}

/** A watermark and the moment at which it was read. */
export interface Watermark {
  /** The instant before which every accepted session is stored; undefined where another process knows it. */
  readonly throughMs: number | undefined;
  readonly nowMs: number;
}

export interface WatermarkDeps {
  readonly clock: Clock;
  readonly completeThroughMs: () => number | undefined;
}

const unknown: Completeness = { completeThrough: null, provisional: null, lagMs: null };

/** Returns the watermark of an answer. Read it before the counts, so that everything that it promises is among them. */
export function readWatermark({ clock, completeThroughMs }: WatermarkDeps): Watermark {
  const throughMs = completeThroughMs();
  return { throughMs, nowMs: clock.nowMs() };
}

/** Returns the completeness of an answer about the sessions before `endMs`, of which it counts `total`. */
export async function completenessOf(
  store: UsageStore,
  watermark: Watermark,
  { endMs, total }: { readonly endMs: number; readonly total: number },
): Promise<Completeness> {
  if (watermark.throughMs === undefined || (total === 0 && (await isEmpty(store)))) return unknown;
  return describeWatermark(watermark, endMs);
}

/** Returns what a watermark says about the sessions before `endMs`. */
export function describeWatermark({ throughMs, nowMs }: Watermark, endMs: number): Completeness {
  if (throughMs === undefined) return unknown;
  return {
    completeThrough: new Date(throughMs).toISOString(),
    provisional: endMs > throughMs,
    lagMs: Math.max(nowMs - throughMs, 0),
  };
}

/** Returns whether no organisation has ever had a session. */
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
