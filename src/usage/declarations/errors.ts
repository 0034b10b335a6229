import { defineErrors } from '../../platform/errors/define-errors.ts';

/** Errors of usage queries. */
export const usageErrors = defineErrors({
  invalid_time_zone: {
    kind: 'syntax',
    title: 'Unknown time zone',
    detail:
      'Use a name from the IANA time zone database, such as Europe/Berlin or UTC. GET /api/v1/time-zones lists them.',
  },
  usage_unavailable: {
    kind: 'unavailable',
    title: 'The usage store does not respond',
    detail: 'Try again in a moment.',
  },
  usage_busy: {
    kind: 'rate_limited',
    title: 'Too many usage queries at once',
    detail: 'Try again after the time in Retry-After, or send fewer queries at the same time.',
  },
  query_timeout: {
    kind: 'unavailable',
    title: 'The query took longer than QUERY_TIMEOUT',
    detail: 'Use a shorter range or a coarser granularity, or try again later.',
  },
  query_too_large: {
    kind: 'meaning',
    title: 'The query needs more memory than QUERY_MEMORY',
    detail: 'Use a shorter range, a coarser granularity, or a filter.',
  },
  not_retained: {
    kind: 'gone',
    title: 'The sessions of this range are no longer stored',
    detail:
      'EVENT_RETENTION has dropped them. Counts and last use are still available; single sessions, unique viewers and windows that are not whole quarter hours are not. Use a later range.',
  },
  too_many_points: {
    kind: 'meaning',
    title: 'The response would have too many points',
    detail: 'Use a coarser granularity, a shorter range or a lower top.',
  },
  too_many_live_clients: {
    kind: 'rate_limited',
    title: 'Too many live streams',
    detail: 'Close a stream, or try again after the time in Retry-After.',
  },
  cursor_expired: {
    kind: 'gone',
    title: 'The cursor has expired',
    detail: 'Start again without a cursor, or use sort=name.',
  },
});
