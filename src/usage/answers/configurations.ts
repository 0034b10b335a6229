import { type ViewersFrame, viewersFrame } from '../measures/measures.ts';
import { planUsage } from '../query/plan.ts';
import type { UsageFilter } from '../query/query.ts';
import { tagBudgetFrame } from '../tag-budget/tag-budget.ts';
import { type AnswerDeps, type ConfigurationName, framed, type Moment } from './frame.ts';
import { type ListedUsage, type ListRequest, listed, listQuery, readListRange } from './list.ts';
import { nameAfter, namedPage, rankedPage } from './paging.ts';

export type ConfigurationItem = {
  readonly configurationId: string;
  readonly name: string;
  readonly deletedAt: string | null;
} & ListedUsage;

/**
 * Returns usage by configuration. Configurations without sessions are included, unless the request filters by tags.
 * Configurations with equal sort values are ordered by name.
 */
export async function answerConfigurations(deps: AnswerDeps, filter: UsageFilter, request: ListRequest) {
  const { limit, cursor: _, ...parameters } = request;
  const read = async () => {
    const timeZone = request.timeZone ?? 'UTC';
    const { items, ...frame } = await framed(deps, timeZone, (moment) =>
      readItems(deps, filter, request, moment),
    );
    return { frame, items: items.toSorted(orderOf(request.sort)) };
  };
  if (request.sort === 'name') {
    const after = nameAfter(request);
    const { frame, items } = await read();
    const rest = after === undefined ? items : items.filter((item) => nameOf(item) > after);
    return { ...frame, ...namedPage(rest, limit, nameOf) };
  }
  const ranked = {
    organisationId: filter.organisationId,
    parameters: ['configurations', filter, parameters],
  };
  return rankedPage(deps.rankings, ranked, request, read);
}

/** Returns all items of the list in the requested order, from one snapshot, and whether their viewers are approximate. */
export async function readConfigurations(
  deps: AnswerDeps,
  filter: UsageFilter,
  request: ListRequest,
  moment: Moment,
): Promise<ViewersFrame & { readonly items: readonly ConfigurationItem[] }> {
  const { answer } = await readItems(deps, filter, request, moment);
  return { ...answer, items: answer.items.toSorted(orderOf(request.sort)) };
}

async function readItems(deps: AnswerDeps, filter: UsageFilter, request: ListRequest, moment: Moment) {
  const range = await readListRange(deps, filter, request, moment);
  const list = { filter, groupBy: 'configuration' as const, sort: '-total' };
  const query = await listQuery(deps.store, list, moment, range, request.measures);
  const { all, groups } = await deps.store.read(planUsage(query));
  const usage = new Map(groups.map((group) => [group.key, group]));
  const prefix = request.q?.toLowerCase() ?? '';
  const items: ConfigurationItem[] = (await deps.configurationsOf(filter.organisationId))
    .filter((configuration) => isListed(configuration, filter, usage.has(configuration.id)))
    .filter(({ name }) => name.toLowerCase().startsWith(prefix))
    .map(({ id, name, deletedAtMs }) => ({
      configurationId: id,
      name,
      deletedAt: deletedAtMs === undefined ? null : new Date(deletedAtMs).toISOString(),
      ...listed(usage.get(id), range, moment, query),
    }));
  return {
    answer: {
      ...range.frame,
      ...tagBudgetFrame(deps, filter.organisationId),
      ...viewersFrame(query),
      items,
    },
    total: all.sessions.total ?? 0,
    endMs: range.range?.window.endMs,
  };
}

function isListed({ id, deletedAtMs }: ConfigurationName, filter: UsageFilter, isUsed: boolean): boolean {
  if (isUsed) return true;
  const isWanted =
    filter.configurationIds.length === 0 ? deletedAtMs === undefined : filter.configurationIds.includes(id);
  return isWanted && filter.tags.length === 0 && !filter.untagged;
}

/**
 * Sort key of an item: the name, and the id because names are not unique. The separator sorts before every character
 * of a name, so the id only decides between equal names.
 */
const nameOf = ({ name, configurationId }: ConfigurationItem) => `${name}\u0001${configurationId}`;

function orderOf(sort: string): (one: ConfigurationItem, other: ConfigurationItem) => number {
  const sign = sort.startsWith('-') ? -1 : 1;
  const countOf = valuesOf[sort.replace('-', '')] ?? (() => 0);
  return (one, other) => {
    const difference = sign * (countOf(one) - countOf(other));
    if (difference !== 0) return difference;
    return nameOf(one) < nameOf(other) ? -1 : 1;
  };
}

const valuesOf: Readonly<Record<string, (item: ConfigurationItem) => number>> = {
  total: ({ total }) => total,
  today: ({ today }) => today,
  lastUsed: ({ lastUsed }) => (lastUsed === null ? 0 : Date.parse(lastUsed)),
  sessions: ({ sessions = 0 }) => sessions,
  change: ({ change = 0 }) => change,
};
