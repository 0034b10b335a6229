const LARGEST_PAGE = 500;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** Returns the first `wanted` items of a list as one page, from as many requests as needed. */
export async function loadPages<Item, List extends Page<Item>>(
  wanted: number,
  load: (page: { readonly limit: number; readonly cursor?: string }) => Promise<List & Page<Item>>,
): Promise<List> {
  const first = await load({ limit: Math.min(wanted, LARGEST_PAGE) });
  const items = [...first.items];
  let cursor = first.nextCursor;
  while (cursor !== null && items.length < wanted) {
    const page: Page<Item> = await load({ limit: Math.min(wanted - items.length, LARGEST_PAGE), cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return { ...first, items, nextCursor: cursor };
}
