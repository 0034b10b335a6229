import { messageOf } from '../errors.ts';

/**
 * What a failed statement may say in a log. ClickHouse's own text quotes the data it stumbled over, and that may
 * be a tag: so only its code and name are kept. By shape, since chdb throws a class of its own.
 */
export function describeStoreError(error: unknown): string {
  const { code, type } = error as { code?: unknown; type?: unknown };
  if (error instanceof Error && error.name.startsWith('ClickHouse'))
    return `ClickHouse error ${code} ${type ?? ''}`.trim();
  return /DB::Exception/.test(messageOf(error)) ? 'ClickHouse error' : messageOf(error);
}
