import {
  type CountedViewers,
  type Measure,
  uniqueViewers,
  type ViewersFrame,
  viewersFrame,
  withViewers,
} from '../measures/measures.ts';
import { planUsage } from '../query/plan.ts';
import { type UsageFilter, windowQuery } from '../query/query.ts';
import { type TagBudgetFrame, tagBudgetFrame } from '../tag-budget/tag-budget.ts';
import { type AnswerDeps, framed, type UsageFrame, type ZonedUsage, zoned } from './frame.ts';

/**
 * Returns last use, sessions today and total number of sessions that match a filter, from one snapshot. With the
 * measure `uniqueViewers`, it also returns the viewers of all these sessions.
 */
export async function answerSummary(
  deps: AnswerDeps,
  filter: UsageFilter,
  timeZone: string,
  measures: ReadonlySet<Measure> = new Set(),
): Promise<UsageFrame & ZonedUsage & ViewersFrame & CountedViewers & TagBudgetFrame> {
  return framed(deps, timeZone, async ({ today, zone }) => {
    const query = await withViewers(deps.store, windowQuery(filter, 'none', today), measures);
    const { all } = await deps.store.read(planUsage(query));
    const budget = tagBudgetFrame(deps, filter.organisationId);
    const answer = { ...budget, ...zoned(all, zone), ...viewersFrame(query), ...uniqueViewers(query, all) };
    return { answer, total: answer.total };
  });
}
