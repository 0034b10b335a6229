import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Generates 256 random bits as 43 base64url characters. */
export function generateRandomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Returns the SHA-256 digest of a text in hex. Random secrets cannot be guessed, so they need no slow hash.
 */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Compares two secrets in constant time. */
export function isSameSecret(a: string, b: string): boolean {
  return isSameDigest(digestOf(a), digestOf(b));
}

/** Compares two digests of the same length in constant time. */
export function isSameDigest(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
