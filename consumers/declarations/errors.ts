import { defineErrors } from '../../src/platform/errors/define-errors.ts';

/** Errors for imports of sessions. */
export const consumerErrors = defineErrors({
  import_invalid: {
    kind: 'meaning',
    title: 'Sessions that cannot be imported',
    detail:
      'Nothing of this request was stored. Fix the sessions listed in `errors` and send the request again.',
  },
  import_gap: {
    kind: 'conflict',
    title: 'Rows before these are missing',
    detail: 'Send the rows of a file in order. `next` is the row to continue with.',
    members: { next: { type: 'integer', minimum: 1, description: 'The row to continue with' } },
  },
  import_busy: {
    kind: 'unavailable',
    title: 'Another process imports the same file',
    detail: 'Try again after the time in Retry-After.',
  },
});
