import type { UsageQuery, UsageSpan } from './query.ts';
import type { StoredSession } from './session-query.ts';
import { groupKinds } from './sql.ts';
import type { UsageGroup, ViewerCounts } from './usage-store.ts';
import { viewerSpanNumbers } from './viewers-sql.ts';

type PointRow = readonly [span: number, bucket: string, sessions: string, uses: string];

/** A row that the statement of a plan returns. */
export type UsageRow = Readonly<Record<string, string | number>> & { readonly points?: readonly PointRow[] };

export type SessionRow = Omit<StoredSession, 'timeMs'> & { readonly timeMs: string };

export const sessionOf = (row: SessionRow): StoredSession => ({ ...row, timeMs: Number(row.timeMs) });

/** Returns whether a row contains the group of all sessions. */
export function isAllRow(row: UsageRow): boolean {
  return Number(row['kind']) === groupKinds.all;
}

/** Converts a row to a group. */
export function groupOf(
  row: UsageRow,
  query: UsageQuery,
  points: readonly PointRow[] = row.points ?? [],
): UsageGroup {
  const { spans } = query;
  const sessions = Object.fromEntries(spans.map(({ name }, span) => [name, Number(row[`n${span}`])]));
  const nameOf = (span: number): UsageSpan['name'] => spans[span]?.name ?? 'total';
  const lastUsedMs = Number(row['lastMs']);
  return {
    key: Number(row['kind']) === groupKinds.key ? String(row['key']) : null,
    sessions,
    lastUsedMs: lastUsedMs > 0 ? lastUsedMs : undefined,
    uses: Number(row['allUses']),
    points: points
      .filter(([span]) => span < spans.length)
      .map(([span, bucket, n, uses]) => ({
        span: nameOf(span),
        bucket: Number(bucket),
        sessions: Number(n),
        uses: Number(uses),
      })),
    ...(query.viewers !== undefined && { viewers: viewersOf(row, query, points) }),
    ...(Number(row['kind']) === groupKinds.rest && { isRest: true }),
  };
}

function viewersOf(row: UsageRow, query: UsageQuery, points: readonly PointRow[]): ViewerCounts {
  const { buckets, whole } = viewerSpanNumbers(query);
  const wholePoint = points.find(([span]) => span === whole);
  return {
    total: Number(row['viewers'] ?? wholePoint?.[2] ?? 0),
    buckets: new Map(
      points
        .filter(([span]) => span === buckets)
        .map(([, bucket, viewers]) => [Number(bucket), Number(viewers)]),
    ),
  };
}

/**
 * Yields the groups that rows contain, in batches. If the points of a group are split into slices, the slices are in
 * consecutive rows.
 */
export async function* groupsOf(
  batches: AsyncIterable<UsageRow[]>,
  query: UsageQuery,
): AsyncGenerator<UsageGroup[]> {
  const joined = createJoinedGroup(query);
  for await (const rows of batches) {
    const complete = rows.map((row) => joined.add(row)).filter((group) => group !== undefined);
    if (complete.length > 0) yield complete;
  }
  const last = joined.end();
  if (last !== undefined) yield [last];
}

/**
 * Creates a helper that joins consecutive rows of the same group. When a row belongs to a new group, `add` returns
 * the previous group.
 */
function createJoinedGroup(query: UsageQuery) {
  let open: { readonly row: UsageRow; readonly points: PointRow[] } | undefined;
  const end = () => open && groupOf(open.row, query, open.points);
  return {
    add(row: UsageRow): UsageGroup | undefined {
      const isNext = open === undefined || !isSameGroup(open.row, row);
      const complete = isNext ? end() : undefined;
      const points = isNext ? [] : (open?.points ?? []);
      if (isNext) open = { row, points };
      for (const point of row.points ?? []) points.push(point);
      return complete;
    },
    end,
  };
}

function isSameGroup(one: UsageRow, other: UsageRow): boolean {
  return one['kind'] === other['kind'] && one['key'] === other['key'];
}

/** Returns a group without sessions. */
export function emptyGroup({ spans, viewers }: UsageQuery): UsageGroup {
  return {
    key: null,
    sessions: Object.fromEntries(spans.map(({ name }) => [name, 0])),
    lastUsedMs: undefined,
    uses: 0,
    points: [],
    ...(viewers !== undefined && { viewers: { total: 0, buckets: new Map() } }),
  };
}
