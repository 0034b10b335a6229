import { messageOf } from '../errors/errors.ts';

/**
 * ClickHouse error codes (https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp).
 */
export const storeErrorCodes = {
  unknownTable: 60,
  timeoutExceeded: 159,
  tooSlow: 160,
  memoryLimitExceeded: 241,
  /** A `throwIf` in the statement was true. */
  guardFailed: 395,
} as const;

/**
 * Returns the ClickHouse error code of a failed statement, or undefined for any other failure. In an error of a chdb
 * stream, the code is part of the text.
 */
export function storeErrorCode(error: unknown): number | undefined {
  const { code, clickhouseCode } = error as { code?: unknown; clickhouseCode?: unknown };
  const inText = /\bCode: (\d+)\. DB::Exception/.exec(messageOf(error))?.[1];
  const [ofEngine] = [clickhouseCode, code, inText].filter((one) => /^\d+$/.test(String(one)));
  return ofEngine === undefined ? undefined : Number(ofEngine);
}

/**
 * Returns the text of a failed statement's error for the log: its code and its name. The message of ClickHouse is
 * left out, because it can quote stored data, such as a tag. The function checks members instead of classes, because
 * chdb and the client throw errors of different classes.
 */
export function describeStoreError(error: unknown): string {
  if (!(error instanceof Error)) return messageOf(error);
  const { code, type } = error as { code?: unknown; type?: unknown };
  const isServerError = typeof code === 'string' && /^\d+$/.test(code);
  if (isServerError || error.name.startsWith('ClickHouse'))
    return `ClickHouse error ${code} ${type ?? ''}`.trim();
  return /DB::Exception/.test(error.message) ? 'ClickHouse error' : error.message;
}
