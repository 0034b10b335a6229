/** A date of the proleptic Gregorian calendar, in no zone: month 1 to 12, day 1 to 31. */
export interface PlainDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const dayMs = 86_400_000;

/** The date of `YYYY-MM-DD`; undefined for any other text and for dates that no calendar has (2026-02-29). */
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

/** Midnight UTC of a date in epoch milliseconds; a month or a day beyond its range runs over into the next. */
export function utcMidnight({ year, month, day }: PlainDate): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** The date in UTC of an instant in epoch milliseconds. */
export function utcDate(ms: number): PlainDate {
  const at = new Date(ms);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

/** The date a number of days later; earlier when negative. */
export function addDays(date: PlainDate, days: number): PlainDate {
  return utcDate(utcMidnight(date) + days * dayMs);
}

/** The same day a number of months later (earlier when negative), or the last day of a shorter month. */
export function addMonths({ year, month, day }: PlainDate, months: number): PlainDate {
  const first = utcDate(utcMidnight({ year, month: month + months, day: 1 }));
  const last = utcDate(utcMidnight({ ...first, month: first.month + 1, day: 0 }));
  return { ...first, day: Math.min(day, last.day) };
}

/** The Monday on or before a date: weeks are those of ISO 8601. */
export function firstOfWeek(date: PlainDate): PlainDate {
  const daysSinceMonday = (new Date(utcMidnight(date)).getUTCDay() + 6) % 7;
  return addDays(date, -daysSinceMonday);
}

/** The first day of the month of a date. */
export function firstOfMonth({ year, month }: PlainDate): PlainDate {
  return { year, month, day: 1 };
}

/** The first day of the quarter of a date: January, April, July or October. */
export function firstOfQuarter({ year, month }: PlainDate): PlainDate {
  return { year, month: month - ((month - 1) % 3), day: 1 };
}

/** The first of January of the year of a date. */
export function firstOfYear({ year }: PlainDate): PlainDate {
  return { year, month: 1, day: 1 };
}
