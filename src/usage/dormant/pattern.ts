import { addDays, addMonths, type PlainDate, utcMidnight } from '../time/plain-dates.ts';

export const recurrences = ['week', 'twoWeeks', 'month', 'quarter', 'halfYear', 'year'] as const;
export type Recurrence = (typeof recurrences)[number];

/** A pattern of recurring use. An occasion is one day of use, or several days of use that are close together. */
export interface UsePattern {
  readonly every: Recurrence;
  /** Number of occasions that were found. */
  readonly occasions: number;
  /** First day of the newest occasion. */
  readonly lastOccasion: PlainDate;
  /** Expected date of the next occasion. It can be in the past by at most the rule's `toleranceDays`. */
  readonly nextExpected: PlainDate;
  /** Number of expected occasions without use. */
  readonly missed: number;
}

interface Rule {
  readonly every: Recurrence;
  /** Returns the date `periods` periods after a date. */
  readonly after: (date: PlainDate, periods: number) => PlainDate;
  /** Maximum number of days between an occasion and its expected date. */
  readonly toleranceDays: number;
  /** Maximum number of days between two days of use in the same occasion. */
  readonly joinedDays: number;
  readonly fewestIntervals: number;
}

const byDays = (days: number) => (date: PlainDate, periods: number) => addDays(date, days * periods);
const byMonths = (months: number) => (date: PlainDate, periods: number) => addMonths(date, months * periods);

/**
 * Rules that are tried in this order. With these tolerances an interval never matches the periods of two rules. The
 * order therefore only affects how days of use are joined to occasions.
 */
const rules: readonly Rule[] = [
  { every: 'week', after: byDays(7), toleranceDays: 1, joinedDays: 1, fewestIntervals: 4 },
  { every: 'twoWeeks', after: byDays(14), toleranceDays: 2, joinedDays: 3, fewestIntervals: 4 },
  { every: 'month', after: byMonths(1), toleranceDays: 5, joinedDays: 9, fewestIntervals: 3 },
  { every: 'quarter', after: byMonths(3), toleranceDays: 10, joinedDays: 20, fewestIntervals: 2 },
  { every: 'halfYear', after: byMonths(6), toleranceDays: 15, joinedDays: 30, fewestIntervals: 2 },
  { every: 'year', after: byMonths(12), toleranceDays: 20, joinedDays: 45, fewestIntervals: 2 },
];
/** Maximum number of intervals that are examined. Older intervals say little about the current pattern. */
const mostIntervals = 12;
/**
 * Share of intervals that must match the period. A pattern continues even if one of five occasions is missing, for
 * example because of a holiday.
 */
const fittingShare = 0.8;

const dayMs = 86_400_000;

/**
 * Finds a recurring pattern in days of use (local dates, ascending). Returns undefined if there is none. A pattern
 * has at least three occasions (five for `week` and `twoWeeks`, four for `month`), and at least 80 % of the
 * intervals between its occasions match the period.
 */
export function findPattern(days: readonly PlainDate[], today: PlainDate): UsePattern | undefined {
  for (const rule of rules) {
    const occasions = occasionsOf(days, rule.joinedDays);
    if (fits(occasions, rule)) return patternOf(occasions, rule, today);
  }
  return undefined;
}

/** Groups days of use into occasions, and returns the first day of each. */
function occasionsOf(days: readonly PlainDate[], joinedDays: number): PlainDate[] {
  return days.filter((day, index) => {
    const before = days[index - 1];
    return before === undefined || daysBetween(before, day) > joinedDays;
  });
}

function fits(occasions: readonly PlainDate[], { after, toleranceDays, fewestIntervals }: Rule): boolean {
  const recent = occasions.slice(-mostIntervals - 1);
  const intervals = recent.length - 1;
  if (intervals < fewestIntervals) return false;
  const fitting = recent.slice(1).filter((occasion, index) => {
    const before = recent[index] ?? occasion;
    return Math.abs(daysBetween(after(before, 1), occasion)) <= toleranceDays;
  });
  return fitting.length >= fewestIntervals && fitting.length >= intervals * fittingShare;
}

function patternOf(occasions: readonly PlainDate[], rule: Rule, today: PlainDate): UsePattern | undefined {
  const lastOccasion = occasions.at(-1);
  if (lastOccasion === undefined) return undefined;
  let missed = 0;
  let nextExpected = rule.after(lastOccasion, 1);
  while (daysBetween(nextExpected, today) > rule.toleranceDays) {
    missed += 1;
    nextExpected = rule.after(lastOccasion, missed + 1);
  }
  return { every: rule.every, occasions: occasions.length, lastOccasion, nextExpected, missed };
}

function daysBetween(from: PlainDate, to: PlainDate): number {
  return Math.round((utcMidnight(to) - utcMidnight(from)) / dayMs);
}
