import { defineErrors } from '../../platform/errors/define-errors.ts';

/** Errors of usage queries. */
export const usageErrors = defineErrors({
  invalid_time_zone: {
    kind: 'syntax',
    title: 'Unknown time zone',
    detail: 'Use a name of the IANA time zone database, such as Europe/Berlin or UTC.',
  },
  usage_unavailable: {
    kind: 'unavailable',
    title: 'The usage store does not answer',
    detail: 'Try again in a moment.',
  },
  too_many_points: {
    kind: 'meaning',
    title: 'The answer has too many points',
    detail: 'Use a coarser granularity, shorten the range or lower top.',
  },
  cursor_expired: {
    kind: 'gone',
    title: 'The cursor has expired',
    detail: 'Start again without cursor, or use sort=name.',
  },
});
