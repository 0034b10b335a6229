/** A date without a time zone, in the proleptic Gregorian calendar. `month` is 1 to 12, `day` is 1 to 31. */
export interface PlainDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const dayMs = 86_400_000;

/** Parses `YYYY-MM-DD`. Returns undefined for any other text, and for a date that does not exist (2026-02-29). */
export function parsePlainDate(text: string): PlainDate | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const date = {
    year: Number(text.slice(0, 4)),
    month: Number(text.slice(5, 7)),
    day: Number(text.slice(8)),
  };
  const { month, day } = utcDate(utcMidnight(date));
  return month === date.month && day === date.day ? date : undefined;
}

/**
 * Returns midnight UTC of a date, in epoch milliseconds. A month or day that is out of range changes the year or
 * month: day 0 is the last day of the previous month.
 */
export function utcMidnight({ year, month, day }: PlainDate): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** Returns the UTC date of an instant. The instant is in epoch milliseconds. */
export function utcDate(ms: number): PlainDate {
  const at = new Date(ms);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

/** Adds a number of days to a date. The number may be negative. */
export function addDays(date: PlainDate, days: number): PlainDate {
  return utcDate(utcMidnight(date) + days * dayMs);
}

/**
 * Adds a number of months to a date. The number may be negative. If the resulting month does not have this day, the
 * result is the last day of the month.
 */
export function addMonths({ year, month, day }: PlainDate, months: number): PlainDate {
  const first = utcDate(utcMidnight({ year, month: month + months, day: 1 }));
  const last = utcDate(utcMidnight({ ...first, month: first.month + 1, day: 0 }));
  return { ...first, day: Math.min(day, last.day) };
}

/** Returns the Monday on or before a date (ISO 8601 weeks). */
export function firstOfWeek(date: PlainDate): PlainDate {
  const daysSinceMonday = (new Date(utcMidnight(date)).getUTCDay() + 6) % 7;
  return addDays(date, -daysSinceMonday);
}

/** Returns the first day of the month that contains a date. */
export function firstOfMonth({ year, month }: PlainDate): PlainDate {
  return { year, month, day: 1 };
}

/** Returns the first day of the quarter that contains a date. Quarters start in January, April, July and October. */
export function firstOfQuarter({ year, month }: PlainDate): PlainDate {
  return { year, month: month - ((month - 1) % 3), day: 1 };
}

/** Returns the first day of the year that contains a date. */
export function firstOfYear({ year }: PlainDate): PlainDate {
  return { year, month: 1, day: 1 };
}
