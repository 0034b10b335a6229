import { AppError } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';

/**
 * Matches the SQLSTATE if the server or a connection is unavailable: lost connection, invalid credentials, missing
 * database, standby, insufficient resources, lock or statement timeout, deadlock, shutdown, disk failure.
 */
const unavailableStates = /^(08|25006|28|3D|40|53|55|57|58|XX)/;

/** SQLSTATEs of texts that PostgreSQL cannot store: with a NUL character, or with bytes that are not UTF-8. */
const unstorableStates = ['22021', '22P05'];

/** Matches the SQLSTATE of data exceptions. Their messages may contain a stored value, so they are not logged. */
const dataException = /^22/;

/**
 * Converts an error of `pg` to an AppError or a plain Error. Only the message and the SQLSTATE are kept, because
 * other members of the error can contain the data of a row.
 */
export function translatePostgresError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('PostgreSQL: unknown error');
  // Errors of this project's own code stay unchanged, for example if a BIGINT is not a safe integer.
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

/**
 * Returns the SQLSTATE of an error that the server has sent. An error of the socket also has a `code`, but no
 * `severity`.
 */
function sqlStateOf(error: Error & { severity?: unknown; code?: unknown }): string | undefined {
  return error.severity === undefined ? undefined : String(error.code);
}

function describe(error: Error & { code?: unknown }, state: string | undefined): string {
  if (state === undefined) return `PostgreSQL: ${error.message || String(error.code)}`;
  return dataException.test(state) ? `PostgreSQL ${state}` : `PostgreSQL ${state}: ${error.message}`;
}
