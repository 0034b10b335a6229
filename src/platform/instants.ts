const shape =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/**
 * The milliseconds since the epoch of an instant as RFC 3339 (5.6) writes it: with seconds, and with `Z` or a numeric
 * offset. Undefined for anything else: a local time, a day that its month does not have, a leap second.
 */
export function parseInstant(text: string): number | undefined {
  const [, year, month, day] = shape.exec(text) ?? [];
  if (year === undefined || Number(month) < 1 || Number(month) > 12) return undefined;
  // The day 0 of a month is the last one of the month before. setUTCFullYear: Date.UTC takes the year 50 for 1950.
  const lastDay = new Date(0).setUTCFullYear(Number(year), Number(month), 0);
  if (Number(day) < 1 || Number(day) > new Date(lastDay).getUTCDate()) return undefined;
  return Date.parse(text.toUpperCase());
}
