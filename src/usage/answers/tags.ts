import { viewersFrame } from '../measures/measures.ts';
import { planUsage } from '../query/plan.ts';
import type { UsageFilter, UsageQuery } from '../query/query.ts';
import { mostRanked } from '../rankings/rankings.ts';
import { tagBudgetFrame } from '../tag-budget/tag-budget.ts';
import { type AnswerDeps, framed, type Moment } from './frame.ts';
import {
  type ListedUsage,
  type ListRange,
  type ListRequest,
  listed,
  listQuery,
  readListRange,
} from './list.ts';
import { nameAfter, namedPage, rankedPage } from './paging.ts';

type TagItem = { readonly tag: string | null } & ListedUsage;

/**
 * Returns usage by tag, and the number of distinct sessions, from one snapshot. Tags with equal sort values are
 * ordered by name.
 */
export async function answerTags(deps: AnswerDeps, filter: UsageFilter, request: ListRequest) {
  const { limit, cursor: _, ...parameters } = request;
  const isByName = request.sort === 'name';
  const read = (range: { readonly limit: number; readonly afterKey?: string }) =>
    framed(deps, request.timeZone ?? 'UTC', (moment) => readTags(deps, filter, request, moment, range));
  if (isByName) {
    const afterKey = nameAfter(request);
    const { items, ...frame } = await read({ limit: limit + 1, ...(afterKey !== undefined && { afterKey }) });
    return { ...frame, ...namedPage(items, limit, ({ tag }) => tag ?? '') };
  }
  const ranked = { organisationId: filter.organisationId, parameters: ['tags', filter, parameters] };
  return rankedPage(deps.rankings, ranked, request, async () => {
    const { items, ...frame } = await read({ limit: mostRanked + 1 });
    return { frame, items };
  });
}

async function readTags(
  deps: AnswerDeps,
  filter: UsageFilter,
  request: ListRequest,
  moment: Moment,
  page: { readonly limit: number; readonly afterKey?: string },
) {
  const range = await readListRange(deps, filter, request, moment);
  const query = { ...(await tagQuery(deps, filter, request, range, moment)), ...page };
  const { all, groups } = await deps.store.read(planUsage(query));
  const items: TagItem[] = groups.map((group) => ({
    tag: group.key,
    ...listed(group, range, moment, query),
  }));
  const distinctSessions = all.sessions.total ?? 0;
  return {
    answer: {
      ...range.frame,
      ...tagBudgetFrame(deps, filter.organisationId),
      distinctSessions,
      ...viewersFrame(query),
      items,
    },
    total: distinctSessions,
    endMs: range.range?.window.endMs,
  };
}

/**
 * Returns the query for the list of tags. A filter by one tag reads only this tag, because the path of a single tag
 * cannot contain `.` and `..`. A filter by several tags lists all tags of the matching sessions.
 */
export async function tagQuery(
  { store }: AnswerDeps,
  filter: UsageFilter,
  { sort, q, measures }: ListRequest,
  range: ListRange,
  moment: Moment,
): Promise<UsageQuery> {
  return {
    ...(await listQuery(store, { filter, groupBy: 'tag', sort }, moment, range, measures)),
    ...(q !== undefined && { keyPrefix: q }),
    ...(filter.tags.length === 1 && { keys: filter.tags }),
  };
}
