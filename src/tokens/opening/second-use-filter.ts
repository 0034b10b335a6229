import type { OpenedTokens } from './token-cache.ts';

/** So many digests are known at a time, in 4 bytes each. */
const slots = 1 << 16;

/**
 * Remembers a token when it is opened for the second time among the last ones (some 60,000). Most links are opened by one
 * person: what is kept of each would only push out what many people use, and keep the garbage collector busy
 * (docs/performance.md). It costs one more opening for a link of many.
 */
export function fromSecondSight(tokens: OpenedTokens): OpenedTokens {
  const marks = new Uint32Array(slots);

  /** Whether the digest was here lately. Others overwrite its place; in 4 billion digests one is taken for another. */
  function seenBefore(digest: string): boolean {
    const bits = Buffer.from(digest.slice(0, 8), 'base64url');
    const slot = bits.readUInt16LE(0);
    // 0 is an empty place.
    const mark = bits.readUInt32LE(2) || 1;
    const isSeen = marks[slot] === mark;
    marks[slot] = mark;
    return isSeen;
  }

  return {
    get: tokens.get,
    set: (opened) => {
      if (seenBefore(opened.digest)) tokens.set(opened);
    },
  };
}
