import { decodeCursor, encodeCursor, type Page } from '../../platform/http/paging.ts';

export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** Returns a page of items by `-total`, then name, in code unit order. @throws AppError `invalid_cursor`. */
export function pageOf<T extends { total: number }>(
  items: T[],
  nameOf: (item: T) => string,
  page: PageRequest,
): Page<T> {
  const comesAfter = (item: T, total: number, name: string) =>
    item.total < total || (item.total === total && nameOf(item) > name);
  const sorted = items.toSorted((one, other) => (comesAfter(one, other.total, nameOf(other)) ? 1 : -1));
  const after = page.cursor === undefined ? undefined : decodeCursor(page.cursor);
  const rest = after === undefined ? sorted : sorted.filter((item) => comesAfter(item, ...after));
  const shown = rest.slice(0, page.limit);
  const last = shown.at(-1);
  const hasMore = rest.length > shown.length && last !== undefined;
  return { items: shown, nextCursor: hasMore ? encodeCursor(last.total, nameOf(last)) : null };
}
