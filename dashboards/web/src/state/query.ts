import { browserZone, isZone } from '../format/zones.ts';

/** Filters and time zone of the page. The URL contains them, so a shared link shows the same data. */
export interface Query {
  readonly timeZone: string;
  /** Undefined selects all configurations. */
  readonly configurationId: string | undefined;
  /** Undefined selects all tags. Null selects sessions without tags. */
  readonly tag: string | null | undefined;
}

export type FilterChange = Partial<Pick<Query, 'configurationId' | 'tag'>>;

const ZONE_KEY = 'watmeter.timeZone';

/** Returns the URL parameters for a query. The API and the page use the same ones. */
export function filterParams(query: Query): URLSearchParams {
  const params = new URLSearchParams({ timeZone: query.timeZone });
  if (query.configurationId !== undefined) params.set('configurationId', query.configurationId);
  if (query.tag === null) params.set('untagged', 'true');
  else if (query.tag !== undefined) params.set('tag', query.tag);
  return params;
}

/** Reads the query from the URL. The default time zone is the last used one, then the browser's. */
export function readQuery(): Query {
  const params = new URLSearchParams(location.search);
  const zones = [params.get('timeZone'), rememberedZone(), browserZone()];
  return {
    timeZone: zones.find((zone) => zone !== null && isZone(zone)) ?? 'UTC',
    configurationId: params.get('configurationId') ?? undefined,
    tag: params.get('untagged') === 'true' ? null : (params.get('tag') ?? undefined),
  };
}

/** Writes the query to the URL. A pushed history entry lets the back button undo a change. */
export function writeQuery(query: Query, entry: 'push' | 'replace'): void {
  rememberZone(query.timeZone);
  const url = `${location.pathname}?${filterParams(query)}`;
  if (entry === 'push') history.pushState(null, '', url);
  else history.replaceState(null, '', url);
}

/** Returns whether two queries are equal. */
export function sameQuery(a: Query, b: Query): boolean {
  return a.timeZone === b.timeZone && a.configurationId === b.configurationId && a.tag === b.tag;
}

function rememberedZone(): string | null {
  try {
    return localStorage.getItem(ZONE_KEY);
  } catch {
    return null; // The browser blocks the storage. Then the zone comes from the URL or the browser.
  }
}

function rememberZone(timeZone: string): void {
  try {
    localStorage.setItem(ZONE_KEY, timeZone);
  } catch {
    // The storage is blocked or full. Then only the URL keeps the time zone.
  }
}
