import { request } from './http.ts';

const LARGEST_PAGE = 500;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface ListRequest<Item> {
  readonly path: string;
  readonly params: URLSearchParams;
  /** How many items to bring together, over as many pages as that takes. */
  readonly wanted: number;
  readonly keyOf: (item: Item) => string;
  readonly signal: AbortSignal;
}

/** The first `wanted` items of a list as one page: the first page's own members, with all items. */
export async function loadList<P extends Page<Item>, Item>(list: ListRequest<Item>): Promise<P> {
  const first = await loadPage<P>(list, list.wanted, null);
  // Totals move between two pages, so an item may come twice; the first sight of it counts.
  const found = new Map(first.items.map((item) => [list.keyOf(item), item]));
  let cursor = first.nextCursor;
  while (cursor !== null && found.size < list.wanted) {
    const page: P = await loadPage<P>(list, list.wanted - found.size, cursor);
    for (const item of page.items) if (!found.has(list.keyOf(item))) found.set(list.keyOf(item), item);
    cursor = page.nextCursor;
  }
  return { ...first, items: [...found.values()], nextCursor: cursor };
}

async function loadPage<P>(list: ListRequest<never>, limit: number, cursor: string | null): Promise<P> {
  const params = new URLSearchParams(list.params);
  params.set('limit', String(Math.min(limit, LARGEST_PAGE)));
  if (cursor !== null) params.set('cursor', cursor);
  return (await request(`${list.path}?${params}`, { signal: list.signal })) as P;
}
