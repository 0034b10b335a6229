import { AppError, messageOf } from '../errors/errors.ts';
import { platformErrors } from '../errors/platform-errors.ts';

/** Returns the key for name comparison. It ignores case and Unicode normalisation (NFC). */
export function nameKeyOf(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/**
 * Runs a change that sets a name under a unique index, and returns its result. The index also decides between
 * concurrent changes.
 * @throws AppError `name_taken` if the name exists already.
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
