import { messageOf } from '../errors/errors.ts';

/**
 * What a failed statement may say in a log. ClickHouse's own text quotes the data it stumbled over, and that may
 * be a tag: so only its code and name are kept. By shape, since chdb and the client each throw a class of their own.
 */
export function describeStoreError(error: unknown): string {
  if (!(error instanceof Error)) return messageOf(error);
  const { code, type } = error as { code?: unknown; type?: unknown };
  const isOfServer = typeof code === 'string' && /^\d+$/.test(code);
  if (isOfServer || error.name.startsWith('ClickHouse'))
    return `ClickHouse error ${code} ${type ?? ''}`.trim();
  return /DB::Exception/.test(error.message) ? 'ClickHouse error' : error.message;
}
