import { randomFillSync } from 'node:crypto';

const poolBytes = 16 * 1024;
let pool = Buffer.alloc(0);
let used = 0;

/**
 * Returns random bytes of the operating system's generator. It reads 16 KiB at a time, because one read costs 5 to 10
 * µs even for a few bytes. Each byte is returned only once, and erased from the pool.
 */
export function randomBytesPooled(length: number): Buffer {
  if (used + length > pool.length) {
    pool = randomFillSync(Buffer.allocUnsafeSlow(Math.max(poolBytes, length)));
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + length));
  pool.fill(0, used, used + length);
  used += length;
  return bytes;
}
