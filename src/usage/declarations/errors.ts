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
});
