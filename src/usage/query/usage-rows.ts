import type { UsageQuery, UsageSpan } from './query.ts';
import type { StoredSession } from './session-query.ts';
import { groupKinds } from './sql.ts';
import type { UsageGroup } from './usage-store.ts';

type PointRow = readonly [span: number, bucket: string, sessions: string, uses: string];

/** A result row of a plan's statement. */
export type UsageRow = Readonly<Record<string, string | number>> & { readonly points?: readonly PointRow[] };

export type SessionRow = Omit<StoredSession, 'timeMs'> & { readonly timeMs: string };

export const sessionOf = (row: SessionRow): StoredSession => ({ ...row, timeMs: Number(row.timeMs) });

/** Returns whether a row is the group of all sessions. */
export function isAllRow(row: UsageRow): boolean {
  return Number(row['kind']) === groupKinds.all;
}

/** Decodes a row to its group. */
export function groupOf(
  row: UsageRow,
  { spans }: UsageQuery,
  points: readonly PointRow[] = row.points ?? [],
): UsageGroup {
  const sessions = Object.fromEntries(spans.map(({ name }, span) => [name, Number(row[`n${span}`])]));
  const nameOf = (span: number): UsageSpan['name'] => spans[span]?.name ?? 'total';
  const lastUsedMs = Number(row['lastMs']);
  return {
    key: Number(row['kind']) === groupKinds.key ? String(row['key']) : null,
    sessions,
    lastUsedMs: lastUsedMs > 0 ? lastUsedMs : undefined,
    uses: Number(row['allUses']),
    points: points.map(([span, bucket, n, uses]) => ({
      span: nameOf(span),
      bucket: Number(bucket),
      sessions: Number(n),
      uses: Number(uses),
    })),
  };
}

/** Yields the groups of rows in batches. Consecutive rows of one group contain slices of its points. */
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
 * Creates a helper that joins the slices of a group. `add` returns the previous group when a row starts
 * a new one.
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
export function emptyGroup({ spans }: UsageQuery): UsageGroup {
  return {
    key: null,
    sessions: Object.fromEntries(spans.map(({ name }) => [name, 0])),
    lastUsedMs: undefined,
    uses: 0,
    points: [],
  };
}
