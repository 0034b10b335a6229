import type { OpenedTokens } from './token-cache.ts';

/** The number of digests that are remembered, in 4 bytes each. */
const slots = 1 << 16;

/**
 * Returns a cache that stores a token at its second opening within the last 60,000 or so. Most links are opened by one
 * person. Caching each of them would evict the links that many people use, and keep the garbage collector busy
 * (docs/performance.md). The cost is one more opening per shared link.
 */
export function fromSecondSight(tokens: OpenedTokens): OpenedTokens {
  const marks = new Uint32Array(slots);

  /** Returns whether the digest was seen recently. Others overwrite its slot. One in 4 billion is mistaken for another. */
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
    get: tokens.get,
    set: (opened) => {
      if (markSeen(opened.digest)) tokens.set(opened);
    },
  };
}
