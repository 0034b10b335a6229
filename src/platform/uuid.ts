import { v7 } from 'uuid';

/** A UUID of version 7 (RFC 9562): random, and ordered by the time it was made. */
export function uuidv7(): string {
  return v7();
}
