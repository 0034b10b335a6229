const TOLERATED_MS = 2000;

let offsetMs = 0;

/**
 * Reads the server's time from a Date header, so that "12 seconds ago" is correct on a computer with a wrong
 * clock. The header has a resolution of one second, so differences of up to 2 s are ignored.
 */
export function observeServerDate(header: string | null): void {
  const differenceMs = Date.parse(header ?? '') + 500 - Date.now();
  if (!Number.isNaN(differenceMs)) offsetMs = Math.abs(differenceMs) > TOLERATED_MS ? differenceMs : 0;
}

/** Returns the server's current time in epoch milliseconds. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}
