import { defineErrors } from '../../platform/errors/define-errors.ts';

/** Errors for appends that the journal rejects. */
export const journalErrors = defineErrors({
  journal_unavailable: {
    kind: 'unavailable',
    title: 'No session can be accepted now',
    detail: 'Try again after the time in Retry-After.',
  },
});
