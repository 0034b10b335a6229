import { AppError } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { parseInstant } from '../../platform/instants.ts';

/**
 * Converts an instant of a request to epoch milliseconds. The schema has already rejected a text that is not an instant.
 */
export function toEpochMs(text: string): number {
  const ms = parseInstant(text);
  if (ms === undefined) throw new AppError(platformErrors.invalid_request);
  return ms;
}
