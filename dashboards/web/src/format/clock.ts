const TOLERATED_MS = 2000;

let offset = 0;

/**
 * The server's time, so that "12 seconds ago" is right on a computer whose clock is wrong. `Date` tells whole
 * seconds only; what is within its grain is no error of the clock.
 */
export function observeServerDate(header: string | null): void {
  const difference = Date.parse(header ?? '') + 500 - Date.now();
  if (!Number.isNaN(difference)) offset = Math.abs(difference) > TOLERATED_MS ? difference : 0;
}

export function serverNow(): number {
  return Date.now() + offset;
}
