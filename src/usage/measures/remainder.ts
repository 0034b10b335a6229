import type { UsageSpan } from '../query/query.ts';
import type { UsageGroup, UsagePoint } from '../query/usage-store.ts';

type Mutable<T> = { -readonly [Member in keyof T]: T[Member] };

/** Computes the sum of the groups that a response does not show. */
export interface Remainder {
  subtract(shown: UsageGroup): void;
  /**
   * Returns the sum, or undefined if all groups were subtracted. Viewers cannot be subtracted, so the sum has the
   * viewers of `rest`, which counts the viewers of all groups that are not shown.
   */
  group(rest: UsageGroup | undefined): UsageGroup | undefined;
}

/**
 * Creates the remainder: all sessions minus the groups that are shown. Here a session with several tags counts once
 * for each tag.
 */
export function remainderOf(all: UsageGroup): Remainder {
  const spans = new Map<UsageSpan['name'], Map<number, Mutable<UsagePoint>>>();
  for (const point of all.points) {
    const buckets = spans.get(point.span) ?? new Map();
    spans.set(point.span, buckets.set(point.bucket, { ...point, sessions: point.uses }));
  }
  return {
    subtract({ points }) {
      for (const { span, bucket, sessions } of points) {
        const left = spans.get(span)?.get(bucket);
        if (left !== undefined) left.sessions -= sessions;
      }
    },
    group(rest) {
      const points = [...spans.values()]
        .flatMap((buckets) => [...buckets.values()])
        .filter(({ sessions }) => sessions > 0);
      if (points.length === 0) return undefined;
      const sessions = points.reduce((sum, point) => sum + (point.span === 'range' ? point.sessions : 0), 0);
      return {
        ...{ key: null, sessions: { range: sessions }, lastUsedMs: undefined, uses: sessions, points },
        ...(rest?.viewers && { viewers: rest.viewers }),
      };
    },
  };
}
