/** The size of a log. The journal reads it before and after each commit. */
export interface UsedBytes {
  bytes(): number;
  /** Adds the bytes that a commit wrote. The commit must not have removed any records. */
  add(bytes: number): void;
  /** Discards the counted size, because it may be wrong. The next read counts again. */
  forget(): void;
}

const pageBytes = 4096;
const maxCommitsUncounted = 16;

/**
 * Returns a cache of the counted size. Counting reads the list of free pages, which takes 30 µs after each commit, and more
 * if many pages are free. So only every 16th commit counts. The commits in between add their bytes in whole pages, with an
 * error of at most one page each. A commit that removes records always counts.
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
