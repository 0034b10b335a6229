import { randomFillSync } from 'node:crypto';

const poolBytes = 16 * 1024;
let pool = Buffer.alloc(0);
let used = 0;

/**
 * Random bytes from the operating system's generator, drawn a pool at a time: a call to it costs 5 to 10 µs
 * however few bytes it gives. Every byte is handed out once, and wiped from the pool.
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
