import { planUsage } from '../query/plan.ts';
import { type UsageFilter, windowQuery } from '../query/query.ts';
import { type AnswerDeps, framed, type UsageFrame, type ZonedUsage, zoned } from './frame.ts';

/** Returns last use, sessions today and total number of sessions that match a filter, from one snapshot. */
export async function answerSummary(
  deps: AnswerDeps,
  filter: UsageFilter,
  timeZone: string,
): Promise<UsageFrame & ZonedUsage> {
  return framed(deps, timeZone, async ({ today, zone }) => {
    const { all } = await deps.store.read(planUsage(windowQuery(filter, 'none', today)));
    const answer = zoned(all, zone);
    return { answer, total: answer.total };
  });
}
