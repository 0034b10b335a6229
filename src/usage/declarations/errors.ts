import { defineErrors } from '../../platform/errors/define-errors.ts';

/** Errors of usage queries. */
export const usageErrors = defineErrors({
  invalid_time_zone: {
    kind: 'syntax',
    title: 'Unknown time zone',
    detail: 'Use a name from the IANA time zone database, such as Europe/Berlin or UTC.',
  },
  usage_unavailable: {
    kind: 'unavailable',
    title: 'The usage store does not answer',
    detail: 'Try again in a moment.',
  },
  too_many_points: {
    kind: 'meaning',
    title: 'The answer would have too many points',
    detail: 'Use a coarser granularity, a shorter range or a lower top.',
  },
  too_many_live_clients: {
    kind: 'rate_limited',
    title: 'Too many live streams',
    detail: 'Close a stream, or try again after Retry-After.',
  },
  cursor_expired: {
    kind: 'gone',
    title: 'The cursor has expired',
    detail: 'Start again without a cursor, or use sort=name.',
  },
});
