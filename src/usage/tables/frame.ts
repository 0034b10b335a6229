import { type AnswerDeps, type Moment, zoneOf } from '../answers/frame.ts';
import type { LocalRange } from '../query/parameters.ts';
import { dayWindow, formatInstant } from '../time/time-windows.ts';

/**
 * Returns the current time, the time zone of a table, and today in this zone.
 * @throws AppError `invalid_time_zone`.
 */
export function momentOf({ clock }: AnswerDeps, timeZone = 'UTC'): Moment {
  const zone = zoneOf(timeZone);
  const nowMs = clock.nowMs();
  return { nowMs, zone, today: dayWindow(nowMs, zone) };
}

/**
 * Returns a file name that contains the name of a list and its range in local time, such as
 * `usage-tags_2026-11-01_2026-12-01`.
 */
export function tableName(list: string, from: string, to: string): string {
  return [list, shortOf(from), shortOf(to)].join('_');
}

/** Returns a file name that contains the name of a list and its range. */
export function rangeName(list: string, { zone, window }: LocalRange): string {
  return tableName(list, formatInstant(window.startMs, zone), formatInstant(window.endMs, zone));
}

/** Returns the local date of an instant, with the time if it is not midnight. */
function shortOf(instant: string): string {
  const [date = '', time = ''] = [instant.slice(0, 10), instant.slice(11, 16).replace(':', '')];
  return time === '0000' ? date : `${date}T${time}`;
}
