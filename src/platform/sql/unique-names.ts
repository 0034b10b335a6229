import { AppError, messageOf } from '../errors/errors.ts';
import { platformErrors } from '../errors/platform-errors.ts';

/** Returns the stored form of a name: without blanks around it, and with one space for each run of blanks in it. */
export function cleanName(name: string): string {
  return name.trim().replace(/\s+/g, ' ');
}

/** Returns the key for name comparison. It ignores case, blanks, emoji variants and Unicode normalisation (NFC). */
export function nameKeyOf(name: string): string {
  const visible = cleanName(name).replace(/[\ufe0e\ufe0f]/g, '');
  return visible.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
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
