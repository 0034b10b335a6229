import { Type } from 'typebox';
import { AppError } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';

/** Query parameters of all list endpoints. */
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

/** Schema of the member `nextCursor`, which all list responses have. */
export const NextCursor = Type.Union([Type.String(), Type.Null()], {
  description: 'The cursor of the next page. Send it with the same parameters. null: this is the last page',
});

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

/** Sort key of the last item on a page. The list is sorted by a number, then by a text. */
export type CursorPosition = readonly [number: number, text: string];

/**
 * Matches unpaired surrogates and NUL. Stored texts never contain them, and PostgreSQL rejects them as
 * parameters.
 */
const neverStored = /[\0\ud800-\udfff]/u;

/** Encodes a position as a cursor. Clients send the cursor back unchanged. */
export function encodeCursor(...position: CursorPosition): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * Decodes a cursor to its position.
 * @throws AppError `invalid_cursor` if `encodeCursor` did not create the cursor.
 */
export function decodeCursor(cursor: string): CursorPosition {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (isPosition(position) && encodeCursor(...position) === cursor) return position;
  } catch {
    // The error for invalid JSON is the same as for an invalid position.
  }
  throw new AppError(platformErrors.invalid_cursor, {
    faults: [
      { path: '/cursor', message: 'must be the nextCursor of the previous page; omit it to start again' },
    ],
  });
}

function isPosition(value: unknown): value is CursorPosition {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [number, text]: unknown[] = value;
  return (
    Number.isSafeInteger(number) && Number(number) >= 0 && typeof text === 'string' && !neverStored.test(text)
  );
}

/** Query parameters of a list that is sorted newest first. */
export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/**
 * Reads one page of a list. It reads one more row than the page contains, to know whether another page follows.
 * @throws AppError `invalid_cursor` if the cursor is not a `nextCursor` of a list.
 */
export async function readPage<Row, Item>(
  { limit = 50, cursor }: PageQuery,
  read: (limit: number, after: CursorPosition | undefined) => Promise<Row[]>,
  positionOf: (row: Row) => CursorPosition,
  toItem: (row: Row) => Item,
): Promise<Page<Item>> {
  const readRows = await read(limit + 1, cursor === undefined ? undefined : decodeCursor(cursor));
  const rows = readRows.slice(0, limit);
  const last = rows.at(-1);
  const hasMore = readRows.length > limit && last !== undefined;
  return { items: rows.map(toItem), nextCursor: hasMore ? encodeCursor(...positionOf(last)) : null };
}
