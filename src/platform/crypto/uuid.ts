import { v7 } from 'uuid';
import { randomBytesPooled } from './random.ts';

/** A UUID of version 7 (RFC 9562): random, and ordered by the millisecond in which it was made. */
export function uuidv7(): string {
  return v7({ random: randomBytesPooled(16) });
}
