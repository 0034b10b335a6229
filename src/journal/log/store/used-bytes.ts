/** Size of a log on disk. The journal reads it before and after each commit. */
export interface UsedBytes {
  bytes(): number;
  /** Adds the bytes that a commit wrote. The commit must not have removed records. */
  add(bytes: number): void;
  /** Discards the cached size, because it may be wrong. The next call of `bytes` measures the size again. */
  forget(): void;
}

const pageBytes = 4096;
const maxCommitsUncounted = 16;

/**
 * Creates a cache of the measured size. A measurement reads the list of free pages, which takes 30 µs, and longer if
 * many pages are free. The size is therefore measured only after every 16th commit. The commits in between add their
 * bytes in whole pages, with an error of at most one page each. A commit that removes records makes the next call
 * measure the size.
 */
export function createUsedBytes(count: () => number): UsedBytes {
  let known: number | undefined;
  let uncounted = 0;

  return {
    bytes() {
      if (known === undefined || uncounted >= maxCommitsUncounted) {
        known = count();
        uncounted = 0;
      }
      return known;
    },
    add(bytes) {
      uncounted += 1;
      if (known !== undefined) known += Math.ceil(bytes / pageBytes) * pageBytes;
    },
    forget() {
      known = undefined;
    },
  };
}
