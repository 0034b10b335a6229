import { messageOf } from '../errors/errors.ts';

/**
 * Returns the loggable text of a failed statement: the code and name of the error. ClickHouse's message can quote the
 * offending data, such as a tag. Errors are recognised by their members, because chdb and the client throw different classes.
 */
export function describeStoreError(error: unknown): string {
  if (!(error instanceof Error)) return messageOf(error);
  const { code, type } = error as { code?: unknown; type?: unknown };
  const isServerError = typeof code === 'string' && /^\d+$/.test(code);
  if (isServerError || error.name.startsWith('ClickHouse'))
    return `ClickHouse error ${code} ${type ?? ''}`.trim();
  return /DB::Exception/.test(error.message) ? 'ClickHouse error' : error.message;
}
