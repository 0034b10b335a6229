import { browserZone, isZone } from '../format/zones.ts';

/** What the page asks. The address bar holds it, so that a link shows another person the same. */
export interface Query {
  readonly timeZone: string;
  /** Undefined: all configurations. */
  readonly configurationId: string | undefined;
  /** Undefined: all tags; null: the sessions without tags. */
  readonly tag: string | null | undefined;
}

export type FilterChange = Partial<Pick<Query, 'configurationId' | 'tag'>>;

const ZONE_KEY = 'watmeter.timeZone';

export function filterParams(query: Query): URLSearchParams {
  const params = new URLSearchParams({ timeZone: query.timeZone });
  if (query.configurationId !== undefined) params.set('configurationId', query.configurationId);
  if (query.tag === null) params.set('untagged', 'true');
  else if (query.tag !== undefined) params.set('tag', query.tag);
  return params;
}

export function readQuery(): Query {
  const params = new URLSearchParams(location.search);
  const zones = [params.get('timeZone'), rememberedZone(), browserZone()];
  return {
    timeZone: zones.find((zone) => zone !== null && isZone(zone)) ?? 'UTC',
    configurationId: params.get('configurationId') ?? undefined,
    tag: params.get('untagged') === 'true' ? null : (params.get('tag') ?? undefined),
  };
}

/** Writes the query to the address bar: a new entry of the history, so that "back" takes a filter away. */
export function writeQuery(query: Query, entry: 'push' | 'replace'): void {
  rememberZone(query.timeZone);
  const url = `${location.pathname}?${filterParams(query)}`;
  if (entry === 'push') history.pushState(null, '', url);
  else history.replaceState(null, '', url);
}

export function sameQuery(a: Query, b: Query): boolean {
  return a.timeZone === b.timeZone && a.configurationId === b.configurationId && a.tag === b.tag;
}

function rememberedZone(): string | null {
  try {
    return localStorage.getItem(ZONE_KEY);
  } catch {
    return null; // storage is switched off: the address bar is enough
  }
}

function rememberZone(timeZone: string): void {
  try {
    localStorage.setItem(ZONE_KEY, timeZone);
  } catch {
    // storage is switched off or full: the address bar is enough
  }
}
