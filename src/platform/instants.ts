const shape =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Parses an RFC 3339 instant (section 5.6) with seconds, and with `Z` or a numeric offset. Returns epoch
 * milliseconds. Returns undefined for any other text, such as a local time, 30 February or a leap second.
 */
export function parseInstant(text: string): number | undefined {
  const [, year, month, day] = shape.exec(text) ?? [];
  if (year === undefined || Number(month) < 1 || Number(month) > 12) return undefined;
  // Day 0 of a month is the last day of the previous month. `setUTCFullYear` is used because Date.UTC would read the
  // year 50 as 1950.
  const lastDay = new Date(0).setUTCFullYear(Number(year), Number(month), 0);
  if (Number(day) < 1 || Number(day) > new Date(lastDay).getUTCDate()) return undefined;
  return Date.parse(text.toUpperCase());
}
