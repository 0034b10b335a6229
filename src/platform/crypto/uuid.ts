import { v7 } from 'uuid';
import { randomBytesPooled } from './random.ts';

/** Generates a UUID version 7 (RFC 9562). UUIDs sort by the millisecond of their creation. */
export function uuidv7(): string {
  return v7({ random: randomBytesPooled(16) });
}
