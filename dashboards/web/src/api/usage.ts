import type { Query } from '../state/query.ts';
import { filterParams } from '../state/query.ts';
import { request } from './http.ts';
import { loadList, type Page } from './pages.ts';

export interface Usage {
  readonly lastUsed: string | null;
  readonly today: number;
  readonly total: number;
}

interface Window {
  readonly timeZone: string;
  readonly dayStart: string;
  readonly completeThrough: string | null;
}

export interface ConfigurationUsage extends Usage {
  readonly configurationId: string;
  readonly name: string;
  readonly deletedAt: string | null;
}

/** Usage of a tag. `tag` is null for sessions without tags. */
export interface TagUsage extends Usage {
  readonly tag: string | null;
}

export type UsageSummary = Window & Usage;
export type ConfigurationList = Window & Page<ConfigurationUsage>;
export type TagList = Window & Page<TagUsage> & { readonly distinctSessions: number };

/** Number of visible rows in each list. */
export interface Rows {
  readonly configurations: number;
  readonly tags: number;
}

/** All data of the page, with the query that selected it. */
export interface Snapshot {
  readonly query: Query;
  readonly summary: UsageSummary;
  readonly configurations: ConfigurationList;
  readonly tags: TagList;
}

/**
 * Loads all data of the page. Both filters apply to the summary. Each list is filtered only by the selection
 * in the other list, so that its selected row stays visible among the others and can be changed.
 */
export async function loadSnapshot(query: Query, rows: Rows, signal: AbortSignal): Promise<Snapshot> {
  const [summary, configurations, tags] = await Promise.all([
    request(`/api/v1/usage/summary?${filterParams(query)}`, { signal }) as Promise<UsageSummary>,
    loadList<ConfigurationList, ConfigurationUsage>({
      path: '/api/v1/usage/configurations',
      params: filterParams({ ...query, configurationId: undefined }),
      wanted: rows.configurations,
      keyOf: (item) => item.configurationId,
      signal,
    }),
    loadList<TagList, TagUsage>({
      path: '/api/v1/usage/tags',
      params: filterParams({ ...query, tag: undefined }),
      wanted: rows.tags,
      keyOf: (item) => tagKey(item.tag),
      signal,
    }),
  ]);
  return { query, summary, configurations, tags };
}

/**
 * Returns the key of a row in the tag list. A tag can never have the same key as the row for sessions without
 * tags.
 */
export function tagKey(tag: string | null): string {
  return tag === null ? 'untagged' : `tag:${tag}`;
}

/** Returns the earliest `completeThrough` of all responses, or null if one of them has none. */
export function completeThrough(snapshot: Snapshot): string | null {
  const instants = [snapshot.summary, snapshot.configurations, snapshot.tags].map(
    (part) => part.completeThrough,
  );
  const knownInstants = instants.filter((instant) => instant !== null);
  if (knownInstants.length < instants.length) return null;
  return knownInstants.reduce((oldest, next) => (Date.parse(next) < Date.parse(oldest) ? next : oldest));
}
