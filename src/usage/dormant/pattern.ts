import { addDays, addMonths, type PlainDate, utcMidnight } from '../time/plain-dates.ts';

export const recurrences = ['week', 'twoWeeks', 'month', 'quarter', 'halfYear', 'year'] as const;
export type Recurrence = (typeof recurrences)[number];

/** A regular use. An occasion is a day of use, or several that are close together. */
export interface UsePattern {
  readonly every: Recurrence;
  /** The occasions that were found. */
  readonly occasions: number;
  /** The first day of the newest occasion. */
  readonly lastOccasion: PlainDate;
  /** The day around which the next occasion is expected, today or later. */
  readonly nextExpected: PlainDate;
  /** How many expected occasions have passed without use. */
  readonly missed: number;
}

interface Rule {
  readonly every: Recurrence;
  /** Returns the date a number of periods later. */
  readonly after: (date: PlainDate, periods: number) => PlainDate;
  /** How far an occasion may be from its date. */
  readonly toleranceDays: number;
  /** Days of use that are at most this far apart are one occasion. */
  readonly joinedDays: number;
  readonly fewestIntervals: number;
}

const byDays = (days: number) => (date: PlainDate, periods: number) => addDays(date, days * periods);
const byMonths = (months: number) => (date: PlainDate, periods: number) => addMonths(date, months * periods);

/** The tolerances leave no interval that fits two periods, so the order decides only how days join. */
const rules: readonly Rule[] = [
  { every: 'week', after: byDays(7), toleranceDays: 1, joinedDays: 1, fewestIntervals: 4 },
  { every: 'twoWeeks', after: byDays(14), toleranceDays: 2, joinedDays: 3, fewestIntervals: 4 },
  { every: 'month', after: byMonths(1), toleranceDays: 5, joinedDays: 9, fewestIntervals: 3 },
  { every: 'quarter', after: byMonths(3), toleranceDays: 10, joinedDays: 20, fewestIntervals: 2 },
  { every: 'halfYear', after: byMonths(6), toleranceDays: 15, joinedDays: 30, fewestIntervals: 2 },
  { every: 'year', after: byMonths(12), toleranceDays: 20, joinedDays: 45, fewestIntervals: 2 },
];
/** Older intervals say little about a habit of today. */
const mostIntervals = 12;
/** One holiday in five occasions does not end a habit. */
const fittingShare = 0.8;

const dayMs = 86_400_000;

/**
 * Returns the recurring pattern in days of use (ascending, local dates); undefined where there is none. A pattern has at
 * least three occasions (five for weeks), and four of five intervals between them fit its period.
 */
export function findPattern(days: readonly PlainDate[], today: PlainDate): UsePattern | undefined {
  for (const rule of rules) {
    const occasions = occasionsOf(days, rule.joinedDays);
    if (fits(occasions, rule)) return patternOf(occasions, rule, today);
  }
  return undefined;
}

/** Returns the first day of each occasion. */
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
