import { Type } from 'typebox';
import { AppError } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';

/** Query parameters of every list. */
export const pagingParameters = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 500,
      default: 50,
      description: 'Maximum number of items',
      examples: [50],
    }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: 2048, description: 'The `nextCursor` of the previous page' }),
  ),
};

/** In the answer of every list. */
export const NextCursor = Type.Union([Type.String(), Type.Null()], {
  description:
    'The cursor of the next page, to be sent with the same parameters. null: this is the last page',
});

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

/** Where a page ended, in a list that is ordered by a number and then by a text. */
export type Place = readonly [number: number, text: string];

/** Halves of characters and NUL: no text of ours holds them, and not every store can even be asked for them. */
const neverStored = /[\0\ud800-\udfff]/u;

/** A cursor holds where the page before ended; clients hand it back as it is. */
export function encodeCursor(...place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws AppError `invalid_cursor` when it is not one that `encodeCursor` made. */
export function decodeCursor(cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (isPlace(place) && encodeCursor(...place) === cursor) return place;
  } catch {
    // Falls through to the one error.
  }
  throw new AppError(platformErrors.invalid_cursor, {
    faults: [
      { path: '/cursor', message: 'must be the nextCursor of the previous page; omit it to start again' },
    ],
  });
}

function isPlace(value: unknown): value is Place {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [number, text]: unknown[] = value;
  return (
    Number.isSafeInteger(number) && Number(number) >= 0 && typeof text === 'string' && !neverStored.test(text)
  );
}

/** The query and the answer of a list that is read newest first. */
export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/**
 * One page of a list: asks for one row more than fits, so that the last page knows that it is.
 * @throws AppError `invalid_cursor`.
 */
export async function readPage<Row, Item>(
  { limit = 50, cursor }: PageQuery,
  read: (limit: number, after: Place | undefined) => Promise<Row[]>,
  placeOf: (row: Row) => Place,
  toItem: (row: Row) => Item,
): Promise<Page<Item>> {
  const found = await read(limit + 1, cursor === undefined ? undefined : decodeCursor(cursor));
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { items: rows.map(toItem), nextCursor: hasMore ? encodeCursor(...placeOf(last)) : null };
}
