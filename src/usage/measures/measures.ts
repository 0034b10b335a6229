import { planUsage } from '../query/plan.ts';
import type { UsageQuery } from '../query/query.ts';
import type { UsageGroup, UsageStore } from '../query/usage-store.ts';
import { viewerSpan } from '../query/viewers-sql.ts';

/** Numbers that a client can request. Every response counts sessions, whether requested or not. */
export const measures = ['sessions', 'lastUsed', 'uniqueViewers'] as const;
export type Measure = (typeof measures)[number];

/** Up to this number of sessions in the range, viewers are counted exactly. */
export const mostExactSessions = 1_000_000;

/** Returns the measures of the parameter, a comma-separated list that the schema has validated. */
export function readMeasures(parameter: string | undefined): ReadonlySet<Measure> {
  return new Set(parameter?.split(',') as Measure[] | undefined);
}

/**
 * Returns the query, with viewers if the measures contain them. It first counts the sessions of the range: up to a
 * million, viewers are counted exactly. Sessions that arrive after this count do not change the decision.
 */
export async function withViewers(
  store: UsageStore,
  query: UsageQuery,
  wanted: ReadonlySet<Measure>,
): Promise<UsageQuery> {
  const span = query.spans[viewerSpan(query)];
  if (span === undefined || !wanted.has('uniqueViewers')) return query;
  const stretches = span.stretches.map(({ window }) => ({ window, buckets: { kind: 'one' as const } }));
  const { all } = await store.read(
    planUsage({
      filter: query.filter,
      groupBy: 'none',
      spans: [{ name: span.name, stretches }],
      order: { by: span.name, descending: true },
    }),
  );
  const isExact = (all.sessions[span.name] ?? 0) <= mostExactSessions;
  return { ...query, viewers: isExact ? 'exact' : 'approximate' };
}

/** Member of a response that says whether its viewers are approximate. Absent if the query does not count viewers. */
export interface ViewersFrame {
  readonly approximate?: boolean;
}

/** Returns the member that states whether viewers are approximate. Empty if the query does not count viewers. */
export function viewersFrame({ viewers }: UsageQuery): ViewersFrame {
  return viewers === undefined ? {} : { approximate: viewers === 'approximate' };
}

/** Number of distinct viewers. Absent if the query does not count viewers. */
export interface CountedViewers {
  readonly uniqueViewers?: number;
}

/** Returns the viewers of a group. Empty if the query does not count viewers. */
export function uniqueViewers(
  { viewers }: Pick<UsageQuery, 'viewers'>,
  group: UsageGroup | undefined,
): CountedViewers {
  return viewers === undefined ? {} : { uniqueViewers: group?.viewers?.total ?? 0 };
}
