import { AppError, type Fault } from '../../platform/errors/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { usageErrors } from '../declarations/errors.ts';
import type { Granularity } from '../time/buckets.ts';

/** Maximum number of points in a JSON response. CSV and JSON Lines files do not have this limit. */
export const mostPoints = 20_000;

/**
 * Maximum number of buckets in a file: fourteen years of quarter hours. The file is streamed, but its bucket edges
 * must be in memory.
 */
export const mostBuckets = 500_000;

const zoneFault: Fault = {
  path: '/timeZone',
  message: 'must be an IANA time zone such as Europe/Berlin or UTC: GET /api/v1/time-zones lists them',
};

/** Creates the error for invalid parameters. If the time zone is unknown, the error also says so. */
export function invalidParameters(isZoneKnown: boolean, faults: readonly Fault[]): AppError {
  if (isZoneKnown) return new AppError(platformErrors.invalid_request, { faults });
  if (faults.length === 0) return new AppError(usageErrors.invalid_time_zone, { faults: [zoneFault] });
  return new AppError(platformErrors.invalid_request, { faults: [zoneFault, ...faults] });
}

/**
 * Creates the error for a response with too many points.
 * @param fitting a granularity with which the response would be small enough, if there is one.
 */
export function tooManyPoints(fitting: Granularity | undefined): AppError {
  const advice =
    fitting === undefined
      ? 'Shorten the range or lower top.'
      : `Use granularity=${fitting}, shorten the range or lower top.`;
  return new AppError(usageErrors.too_many_points, {
    detail: `A response has at most ${mostPoints} points. ${advice}`,
    members: { granularity: fitting ?? null },
  });
}

/**
 * Creates the error for a file with too many buckets for each key.
 * @param fitting a granularity with which the file would be small enough, if there is one.
 */
export function tooManyBuckets(fitting: Granularity | undefined): AppError {
  const advice =
    fitting === undefined ? 'Shorten the range.' : `Use granularity=${fitting} or shorten the range.`;
  return new AppError(usageErrors.too_many_points, {
    detail: `A file has at most ${mostBuckets} buckets for each key. ${advice}`,
    members: { granularity: fitting ?? null },
  });
}

/** Creates the error for a cursor whose ranking is no longer stored. */
export function cursorExpired(): AppError {
  return new AppError(usageErrors.cursor_expired, {
    detail:
      'A ranked list can be read for 15 minutes and has at most 10,000 items. Start again without a cursor, or use sort=name.',
  });
}

/** Creates the error for a query that needs single sessions of dropped months. */
export function notRetained(): AppError {
  return new AppError(usageErrors.not_retained);
}
