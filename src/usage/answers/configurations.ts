import { planUsage } from '../plan.ts';
import { type UsageFilter, windowQuery } from '../query.ts';
import { type AnswerDeps, type ConfigurationName, framed, zoned } from './frame.ts';
import { type PageRequest, pageOf } from './paging.ts';

/** Returns usage by configuration, by total and then name. Unused ones are listed unless tags are filtered. */
export async function answerConfigurations(
  deps: AnswerDeps,
  filter: UsageFilter,
  timeZone: string,
  page: PageRequest,
) {
  return framed(deps, timeZone, async ({ today, zone }) => {
    const { all, groups } = await deps.store.read(planUsage(windowQuery(filter, 'configuration', today)));
    const usage = new Map(groups.map((group) => [group.key, group]));
    const configurations = await deps.configurationsOf(filter.organisationId);
    const items = configurations
      .filter((configuration) => isListed(configuration, filter, usage.has(configuration.id)))
      .map(({ id, name, deletedAtMs }) => ({
        configurationId: id,
        name,
        deletedAt: deletedAtMs === undefined ? null : new Date(deletedAtMs).toISOString(),
        ...zoned(usage.get(id), zone),
      }));
    const nameOf = (item: (typeof items)[number]) => `${item.name}\0${item.configurationId}`;
    return { answer: pageOf(items, nameOf, page), total: all.sessions.total ?? 0 };
  });
}

function isListed({ id, deletedAtMs }: ConfigurationName, filter: UsageFilter, isUsed: boolean): boolean {
  if (isUsed) return true;
  const isWanted =
    filter.configurationIds.length === 0 ? deletedAtMs === undefined : filter.configurationIds.includes(id);
  return isWanted && filter.tags.length === 0 && !filter.untagged;
}
