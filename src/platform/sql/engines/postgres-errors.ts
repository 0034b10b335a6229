import { AppError } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';

/**
 * Matches SQLSTATE classes that mean that the server or a connection is unavailable: lost connection, invalid
 * credentials, missing database, standby, insufficient resources, lock or statement timeout, deadlock,
 * shutdown, disk failure.
 */
const unavailableStates = /^(08|25006|28|3D|40|53|55|57|58|XX)/;

/** SQLSTATEs for text that PostgreSQL cannot store: a NUL character, or bytes that are not UTF-8. */
const unstorableStates = ['22021', '22P05'];

/** SQLSTATE class of data exceptions. Their messages may contain a value, so they are not logged. */
const dataException = /^22/;

/**
 * Converts an error of `pg` to an AppError or a plain Error. It keeps only the message and the SQLSTATE,
 * because the other members of a server error can contain row data.
 */
export function translatePostgresError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('PostgreSQL: unknown error');
  // Errors from this project's code stay unchanged, for example for a BIGINT that is not a safe integer.
  if (error instanceof RangeError || error instanceof TypeError) return error;
  const state = sqlStateOf(error);
  if (state === undefined || unavailableStates.test(state)) {
    return new AppError(platformErrors.control_store_unavailable, {
      retryAfterSeconds: 2,
      detail: 'Try again in a moment. The change may have been stored: check before you repeat it.',
      cause: new Error(describe(error, state)),
    });
  }
  if (unstorableStates.includes(state)) {
    return new AppError(platformErrors.bad_request, {
      detail: 'A text contains a character that cannot be stored.',
    });
  }
  return new Error(describe(error, state));
}

/** Returns the SQLSTATE of a server error. A socket error has a `code` too, but no `severity`. */
function sqlStateOf(error: Error & { severity?: unknown; code?: unknown }): string | undefined {
  return error.severity === undefined ? undefined : String(error.code);
}

function describe(error: Error & { code?: unknown }, state: string | undefined): string {
  if (state === undefined) return `PostgreSQL: ${error.message || String(error.code)}`;
  return dataException.test(state) ? `PostgreSQL ${state}` : `PostgreSQL ${state}: ${error.message}`;
}
