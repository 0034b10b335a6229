import {
  addDays,
  addMonths,
  firstOfMonth,
  firstOfQuarter,
  firstOfYear,
  type PlainDate,
  parsePlainDate,
} from './plain-dates.ts';

/** A range of local dates. `from` is inclusive, `to` is exclusive. */
export interface DateRange {
  readonly from: PlainDate;
  readonly to: PlainDate;
}

/** Names of relative ranges. `last` with a number is a range that ends with today. */
export const rangePresets = [
  'today',
  'yesterday',
  'last7days',
  'last28days',
  'last91days',
  'thisMonth',
  'lastMonth',
  'thisQuarter',
  'lastQuarter',
  'thisYear',
  'lastYear',
  'last12months',
  'all',
] as const;
export type RangePreset = (typeof rangePresets)[number];

/**
 * Returns the dates of a relative range. `all` starts with `first`, the date of the first session, and ends with
 * today.
 */
export function presetRange(preset: RangePreset, today: PlainDate, first: PlainDate): DateRange {
  const tomorrow = addDays(today, 1);
  const months = (from: PlainDate, count: number): DateRange => ({ from, to: addMonths(from, count) });
  switch (preset) {
    case 'today':
      return { from: today, to: tomorrow };
    case 'yesterday':
      return { from: addDays(today, -1), to: today };
    case 'last7days':
      return { from: addDays(tomorrow, -7), to: tomorrow };
    case 'last28days':
      return { from: addDays(tomorrow, -28), to: tomorrow };
    case 'last91days':
      return { from: addDays(tomorrow, -91), to: tomorrow };
    case 'thisMonth':
      return months(firstOfMonth(today), 1);
    case 'lastMonth':
      return months(addMonths(firstOfMonth(today), -1), 1);
    case 'thisQuarter':
      return months(firstOfQuarter(today), 3);
    case 'lastQuarter':
      return months(addMonths(firstOfQuarter(today), -3), 3);
    case 'thisYear':
      return months(firstOfYear(today), 12);
    case 'lastYear':
      return months(addMonths(firstOfYear(today), -12), 12);
    case 'last12months':
      return { from: addDays(addMonths(today, -12), 1), to: tomorrow };
    case 'all':
      return { from: first, to: tomorrow };
  }
}

const instantShape =
  /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]\d{2}:[0-5]\d)$/;

/** Start or end of a range: a local date, or an instant in epoch milliseconds. */
export type RangeEnd = { readonly date: PlainDate } | { readonly ms: number };

const firstYear = 1970;
const lastYear = 2105;

/**
 * Parses a date (`2026-11-30`) or an instant (`2026-11-30T08:00:00+01:00`). Returns undefined for any other text, and
 * for years before 1970 or after 2105.
 */
export function parseRangeEnd(text: string): RangeEnd | undefined {
  const date = parsePlainDate(text.slice(0, 10));
  if (date === undefined || date.year < firstYear || date.year > lastYear) return undefined;
  if (text.length === 10) return { date };
  const ms = instantShape.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(ms) ? { ms } : undefined;
}
