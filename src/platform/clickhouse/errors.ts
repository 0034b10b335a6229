import { messageOf } from '../errors/errors.ts';

/** Codes of ClickHouse's own errors (https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp). */
export const storeErrorCodes = { timeoutExceeded: 159, tooSlow: 160, memoryLimitExceeded: 241 } as const;

/** Returns the code of ClickHouse of a failed statement; undefined for other failures. A stream of chdb has it in its text. */
export function storeErrorCode(error: unknown): number | undefined {
  const { code, clickhouseCode } = error as { code?: unknown; clickhouseCode?: unknown };
  const inText = /\bCode: (\d+)\. DB::Exception/.exec(messageOf(error))?.[1];
  const [ofEngine] = [clickhouseCode, code, inText].filter((one) => /^\d+$/.test(String(one)));
  return ofEngine === undefined ? undefined : Number(ofEngine);
}

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
