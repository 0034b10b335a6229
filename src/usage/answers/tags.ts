import { planUsage } from '../plan.ts';
import { type UsageFilter, windowQuery } from '../query.ts';
import { type AnswerDeps, framed, zoned } from './frame.ts';
import { type PageRequest, pageOf } from './paging.ts';

/** Returns usage by tag, by total and then tag, and the distinct sessions, all of them from one snapshot. */
export async function answerTags(deps: AnswerDeps, filter: UsageFilter, timeZone: string, page: PageRequest) {
  return framed(deps, timeZone, async ({ today, zone }) => {
    const { all, groups } = await deps.store.read(planUsage(windowQuery(filter, 'tag', today)));
    const items = groups.map((group) => ({ tag: group.key, ...zoned(group, zone) }));
    const distinctSessions = all.sessions.total ?? 0;
    const shown = pageOf(items, ({ tag }) => tag ?? '', page);
    return { answer: { distinctSessions, ...shown }, total: distinctSessions };
  });
}
