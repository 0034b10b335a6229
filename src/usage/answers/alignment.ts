import type { LocalRange, RangeParameters } from '../query/parameters.ts';
import type { Granularity } from '../time/buckets.ts';
import { type DateShift, dateShift, shiftEdges } from '../time/compare.ts';
import type { TimeWindow } from '../time/time-windows.ts';

/** The comparison period of a range, with the buckets that correspond to the buckets of the range. */
export interface Alignment {
  readonly window: TimeWindow;
  /** End of the part of the comparison period that corresponds to the elapsed part of the range. */
  readonly elapsedEndMs: number;
  /**
   * Edges of the buckets in the comparison period. If the time of a bucket does not exist there, the bucket has
   * length 0.
   */
  readonly edges: readonly number[];
  /** Instants, in epoch milliseconds, at which the store must divide its counts: the edges, and `elapsedEndMs`. */
  readonly starts: readonly number[];
  /**
   * Returns the sessions in each bucket, and in the part that corresponds to the elapsed part of the range.
   * @param counts sessions by the start (of `starts`) in epoch seconds.
   */
  countsOf(counts: ReadonlyMap<number, number>): { readonly buckets: number[]; readonly elapsed: number };
}

const byMonths: readonly Granularity[] = ['month', 'quarter', 'year'];

/** Returns the function that maps dates of a range to its comparison period, or undefined without `compare`. */
export function shiftOf(
  { dates }: LocalRange,
  { compare, fair = 'weekday', granularity }: RangeParameters & { readonly granularity: Granularity },
): DateShift | undefined {
  if (compare === undefined || dates === undefined) return undefined;
  return dateShift(dates, compare, fair, byMonths.includes(granularity));
}

/**
 * Returns the bucket edges limited to a range. The first and last bucket can extend beyond the range, and only the
 * part inside it is compared.
 */
export function edgesWithin({ window }: LocalRange, bucketEdges: readonly number[]): number[] {
  return bucketEdges.map((edge) => Math.min(Math.max(edge, window.startMs), window.endMs));
}

/**
 * Returns the comparison period with the buckets that correspond to those of the range, or undefined without
 * `compare`.
 */
export function alignPrevious(
  range: LocalRange,
  parameters: RangeParameters & { readonly granularity: Granularity },
  bucketEdges: readonly number[],
  nowMs: number,
): Alignment | undefined {
  const shift = shiftOf(range, parameters);
  if (shift === undefined) return undefined;
  return alignTo(range, shift, shiftEdges(edgesWithin(range, bucketEdges), shift, range.zone), nowMs);
}

/**
 * Creates the comparison period from its bucket edges.
 * @param edges the bucket edges of the range, shifted to the comparison period.
 */
export function alignTo(
  { window, zone }: LocalRange,
  shift: DateShift,
  edges: readonly number[],
  nowMs: number,
): Alignment {
  const elapsedMs = Math.min(Math.max(nowMs, window.startMs), window.endMs);
  const [cutMs = 0] = shiftEdges([elapsedMs], shift, zone).map((ms) => Math.floor(ms / 1000) * 1000);
  const startMs = edges[0] ?? window.startMs;
  const endMs = edges.at(-1) ?? startMs;
  const inside = [...edges.slice(0, -1), cutMs].filter((ms) => ms >= startMs && ms < endMs);
  const starts = [...new Set([startMs, ...inside])].sort((one, other) => one - other);
  return {
    window: { startMs, endMs },
    elapsedEndMs: Math.max(cutMs, startMs),
    edges,
    starts,
    countsOf(counts) {
      const buckets = edges.slice(0, -1).map(() => 0);
      let elapsed = 0;
      let index = 0;
      for (const start of starts) {
        const sessions = counts.get(Math.floor(start / 1000)) ?? 0;
        while (index + 1 < buckets.length && (edges[index + 1] ?? start) <= start) index += 1;
        buckets[index] = (buckets[index] ?? 0) + sessions;
        if (start < cutMs) elapsed += sessions;
      }
      return { buckets, elapsed };
    },
  };
}
