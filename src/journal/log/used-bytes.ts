/** How much a log takes up, asked before and after each commit. */
export interface UsedBytes {
  bytes(): number;
  /** A commit has put so many bytes into the log, and taken nothing out. */
  add(bytes: number): void;
  /** What was counted may be wrong now. */
  forget(): void;
}

const pageBytes = 4096;
const maxCommitsUncounted = 16;

/**
 * Counting walks through what the log knows of its free pages: 30 µs after each commit, and more where many are free.
 * So it is done at each 16th commit; in between, what was put is added in whole pages. That is off by a page for each of
 * those commits at most, and what is taken out is counted at once.
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
