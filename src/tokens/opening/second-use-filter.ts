import type { TokenCache } from './token-cache.ts';

/** Number of remembered digests, with 4 bytes each. */
const slots = 1 << 16;

/**
 * Creates a cache that stores a token at its second use, if at most about 60,000 other tokens were used in between.
 * Most links are opened by one person only. Caching all of them would evict the links that many people use, and would
 * increase garbage collection (docs/performance.md). The cost is one additional decryption per shared link.
 */
export function createSecondUseFilter(cache: TokenCache): TokenCache {
  const marks = new Uint32Array(slots);

  /** Remembers a digest. Returns whether it was seen recently. One digest in 4 billion is mistaken for another. */
  function markSeen(digest: string): boolean {
    const bits = Buffer.from(digest.slice(0, 8), 'base64url');
    const slot = bits.readUInt16LE(0);
    // 0 means that the slot is empty.
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
