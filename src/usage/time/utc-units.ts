/**
 * Units of time in UTC, in epoch milliseconds. The grains (stored aggregation levels) use them; local units
 * are in time-windows.ts.
 */

export const quarterHourMs = 900_000;
export const utcDayMs = 86_400_000;

/** Returns the start of the UTC month that contains an instant. */
export function utcMonthStart(ms: number): number {
  const at = new Date(ms);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth());
}

/** Returns the start of the UTC month after the one that contains an instant. */
export function nextUtcMonth(ms: number): number {
  const at = new Date(ms);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1);
}

/** Returns the UTC months that overlap a window, in the format of the table's partition ids: `202611`. */
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
