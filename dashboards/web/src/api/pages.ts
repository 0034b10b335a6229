import { request } from './http.ts';

const LARGEST_PAGE = 500;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface ListRequest<Item> {
  readonly path: string;
  readonly params: URLSearchParams;
  /** Number of items to load, from as many pages as needed. */
  readonly wanted: number;
  readonly keyOf: (item: Item) => string;
  readonly signal: AbortSignal;
}

/** Returns the first `wanted` items of a list as one page. The other members come from the first page. */
export async function loadList<P extends Page<Item>, Item>(list: ListRequest<Item>): Promise<P> {
  const first = await loadPage<P>(list, list.wanted, null);
  // Totals can change between two pages, so an item can be on both. Keep the first one.
  const items = new Map(first.items.map((item) => [list.keyOf(item), item]));
  let cursor = first.nextCursor;
  while (cursor !== null && items.size < list.wanted) {
    const page: P = await loadPage<P>(list, list.wanted - items.size, cursor);
    for (const item of page.items) if (!items.has(list.keyOf(item))) items.set(list.keyOf(item), item);
    cursor = page.nextCursor;
  }
  return { ...first, items: [...items.values()], nextCursor: cursor };
}

async function loadPage<P>(list: ListRequest<never>, limit: number, cursor: string | null): Promise<P> {
  const params = new URLSearchParams(list.params);
  params.set('limit', String(Math.min(limit, LARGEST_PAGE)));
  if (cursor !== null) params.set('cursor', cursor);
  return (await request(`${list.path}?${params}`, { signal: list.signal })) as P;
}
