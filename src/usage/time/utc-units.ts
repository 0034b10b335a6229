/**
 * UTC units of time, in epoch milliseconds. The grains (stored aggregation levels) have these units. Local units are
 * in time-windows.ts.
 */

export const quarterHourMs = 900_000;
export const utcDayMs = 86_400_000;

/** Returns the start of the UTC month that contains an instant. */
export function utcMonthStart(ms: number): number {
  const at = new Date(ms);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth());
}

/** Returns the start of the UTC month after the month that contains an instant. */
export function nextUtcMonth(ms: number): number {
  const at = new Date(ms);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1);
}

/** Returns the UTC months that overlap a window, as numbers such as 202611. Table partitions have the same ids. */
export function utcMonths({
  startMs,
  endMs,
}: {
  readonly startMs: number;
  readonly endMs: number;
}): number[] {
  const months: number[] = [];
  for (let ms = utcMonthStart(startMs); ms < endMs; ms = nextUtcMonth(ms)) {
    const at = new Date(ms);
    months.push(at.getUTCFullYear() * 100 + at.getUTCMonth() + 1);
  }
  return months;
}
