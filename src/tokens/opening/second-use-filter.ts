import type { TokenCache } from './token-cache.ts';

/** The number of remembered digests. Each takes 4 bytes. */
const slots = 1 << 16;

/**
 * Returns a cache that stores a token at its second use, if at most about 60,000 other tokens were used in between. One
 * person opens most links. Caching each of them would evict the links that many people use, and keep the garbage
 * collector busy (docs/performance.md). The cost is one more decryption for each shared link.
 */
export function createSecondUseFilter(cache: TokenCache): TokenCache {
  const marks = new Uint32Array(slots);

  /** Returns whether the digest was seen recently. One digest in 4 billion is mistaken for another. */
  function markSeen(digest: string): boolean {
    const bits = Buffer.from(digest.slice(0, 8), 'base64url');
    const slot = bits.readUInt16LE(0);
    // 0 marks an empty slot.
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
