import { AppError } from '../../errors/errors.ts';
import { platformErrors } from '../../errors/platform-errors.ts';

/**
 * SQLSTATE classes that say that the server cannot answer now, or not this connection: lost connection, credentials or
 * database gone, standby, no resources, lock or statement timeout, deadlock, shutdown, broken disk.
 */
const unavailableStates = /^(08|25006|28|3D|40|53|55|57|58|XX)/;

/** Text that PostgreSQL cannot hold: a NUL character, or bytes that are not UTF-8. */
const unstorableStates = ['22021', '22P05'];

/** Data exceptions may repeat a value in their message. */
const dataException = /^22/;

/**
 * What an error of `pg` is to the rest of the program. Only its message and state are kept: the other members of a
 * server's error hold rows.
 */
export function translatePostgresError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('PostgreSQL: unknown error');
  // Thrown by our own code on the way: a value that is no safe integer, a call that is wrong.
  if (error instanceof RangeError || error instanceof TypeError) return error;
  const state = sqlStateOf(error);
  if (state === undefined || unavailableStates.test(state)) {
    return new AppError(platformErrors.control_store_unavailable, {
      retryAfterSeconds: 2,
      detail: 'Try again in a moment. The change may have been made: check before you repeat it.',
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

/** Only the server's errors have a severity; those of sockets have a `code` as well. */
function sqlStateOf(error: Error & { severity?: unknown; code?: unknown }): string | undefined {
  return error.severity === undefined ? undefined : String(error.code);
}

function describe(error: Error & { code?: unknown }, state: string | undefined): string {
  if (state === undefined) return `PostgreSQL: ${error.message || String(error.code)}`;
  return dataException.test(state) ? `PostgreSQL ${state}` : `PostgreSQL ${state}: ${error.message}`;
}
