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

/** `tag` null stands for the sessions without tags. */
export interface TagUsage extends Usage {
  readonly tag: string | null;
}

export type UsageSummary = Window & Usage;
export type ConfigurationList = Window & Page<ConfigurationUsage>;
export type TagList = Window & Page<TagUsage> & { readonly distinctSessions: number };

/** How many rows of each list are on show. */
export interface Rows {
  readonly configurations: number;
  readonly tags: number;
}

/** One look at everything the page shows, and the question it answers. */
export interface Snapshot {
  readonly query: Query;
  readonly summary: UsageSummary;
  readonly configurations: ConfigurationList;
  readonly tags: TagList;
}

/**
 * The summary obeys both filters; each list only the other's, so that the chosen row stays among its
 * neighbours and another can be chosen instead.
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

/** A key that no tag can fake for the sessions without tags. */
export function tagKey(tag: string | null): string {
  return tag === null ? 'untagged' : `tag:${tag}`;
}

/** The instant that all answers are complete through; null while one of them is not complete at all. */
export function completeThrough(snapshot: Snapshot): string | null {
  const instants = [snapshot.summary, snapshot.configurations, snapshot.tags].map(
    (part) => part.completeThrough,
  );
  const known = instants.filter((instant) => instant !== null);
  if (known.length < instants.length) return null;
  return known.reduce((oldest, next) => (Date.parse(next) < Date.parse(oldest) ? next : oldest));
}
