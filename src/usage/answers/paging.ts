import { decodeCursor, encodeCursor, type Page } from '../../platform/http/routes/paging.ts';
import { cursorExpired } from '../query/refusals.ts';
import { mostRanked, type RankedRequest, type Ranking, type Rankings } from '../rankings/rankings.ts';

export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | undefined;
}

/**
 * Returns a page of a ranked list. The first page stores the ranking with its counts, and later pages read it. Each
 * item is therefore on one page only, even if sessions arrive between the pages.
 * @throws AppError `invalid_cursor`.
 * @throws AppError `cursor_expired` if the first page is older than 15 minutes, or the page starts beyond 10,000
 * items.
 */
export async function rankedPage<Frame, Item>(
  rankings: Rankings,
  request: RankedRequest,
  page: PageRequest,
  read: () => Promise<{ readonly frame: Frame; readonly items: readonly Item[] }>,
): Promise<Frame & Page<Item>> {
  const [start, id] = page.cursor === undefined ? [0, undefined] : decodeCursor(page.cursor);
  const ranking = id === undefined ? await readRanking(read) : await rankings.find<Frame, Item>(id, request);
  const items = ranking?.items.slice(start, start + page.limit) ?? [];
  if (ranking === undefined || (id !== undefined && items.length === 0)) throw cursorExpired();
  const end = start + items.length;
  const hasMore = end < ranking.items.length || ranking.isCut;
  const nextId = hasMore ? (id ?? (await rankings.keep(request, ranking))) : undefined;
  return { ...ranking.frame, items, nextCursor: nextId === undefined ? null : encodeCursor(end, nextId) };
}

async function readRanking<Frame, Item>(
  read: () => Promise<{ readonly frame: Frame; readonly items: readonly Item[] }>,
): Promise<Ranking<Frame, Item>> {
  const { frame, items } = await read();
  return { frame, items: items.slice(0, mostRanked), isCut: items.length > mostRanked };
}

/**
 * Returns the name of the previous page's last item, which the cursor contains. Returns undefined for the first page.
 */
export function nameAfter({ cursor }: PageRequest): string | undefined {
  return cursor === undefined ? undefined : decodeCursor(cursor)[1];
}

/** Returns a page of a list that is sorted by name. `items` must start with the first item of the page. */
export function namedPage<Item>(
  items: readonly Item[],
  limit: number,
  nameOf: (item: Item) => string,
): Page<Item> {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = items.length > limit && last !== undefined;
  return { items: shown, nextCursor: hasMore ? encodeCursor(0, nameOf(last)) : null };
}
