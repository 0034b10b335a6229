import type { TokenCache } from './token-cache.ts';

/** Number of digests that the filter can keep. Each takes 4 bytes. */
const slots = 1 << 16;

/**
 * Creates a cache that stores a token only at its second use, if at most about 60,000 other tokens were used since
 * the first. Most links are opened by one person only. If they were all cached, they would evict links that many
 * people use, and increase garbage collection (docs/performance.md). The cost is one additional decryption per shared
 * link.
 */
export function createSecondUseFilter(cache: TokenCache): TokenCache {
  const marks = new Uint32Array(slots);

  /**
   * Records a digest. Returns whether it was recorded before, and not overwritten since. The result is wrong for one
   * digest in 4 billion.
   */
  function markSeen(digest: string): boolean {
    const bits = Buffer.from(digest.slice(0, 8), 'base64url');
    const slot = bits.readUInt16LE(0);
    // 1 replaces 0, because 0 means that the slot is empty.
    const mark = bits.readUInt32LE(2) || 1;
    const isSeen = marks[slot] === mark;
    marks[slot] = mark;
    return isSeen;
  }

  return {
    get: cache.get,
    set: (opened) => {
      if (markSeen(opened.digest)) cache.set(opened);
    },
  };
}
