import { AppError, messageOf } from '../errors/errors.ts';
import { platformErrors } from '../errors/platform-errors.ts';

/** By what names are compared: without regard to case, and to how their characters are put together. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/**
 * Does a change that gives something a name, where an index holds names apart: it decides also between two at once.
 * @throws AppError `name_taken`.
 */
export async function withUniqueName<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!/^PostgreSQL 23505|UNIQUE constraint failed/.test(messageOf(error))) throw error;
    throw new AppError(platformErrors.name_taken, {
      detail: 'Choose another name. Names are compared without case, and revoked items keep their names.',
      cause: error,
    });
  }
}
