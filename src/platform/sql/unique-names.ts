import { AppError, messageOf } from '../errors/errors.ts';
import { platformErrors } from '../errors/platform-errors.ts';

/** Returns a key for comparing names. Names that differ only in case or Unicode normalisation have the same key. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/**
 * Runs a change that sets a name, and returns its result. A unique index on the name decides between concurrent
 * changes.
 * @throws AppError `name_taken` if the name already exists.
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
