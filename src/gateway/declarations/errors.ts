import { defineErrors } from '../../platform/errors/define-errors.ts';

/** Errors of the exchange, of links and of sessions. */
export const gatewayErrors = defineErrors({
  token_invalid: {
    kind: 'refused',
    title: 'The web access token is not valid',
    challenge: 'WebAccessToken',
    detail: 'Ask whoever made the link for a new one.',
  },
  token_not_yet_valid: {
    kind: 'refused',
    title: 'The web access token is not valid yet',
    challenge: 'WebAccessToken',
    detail: 'Try again when the time of the link has come.',
  },
  token_expired: {
    kind: 'refused',
    title: 'The web access token has expired',
    challenge: 'WebAccessToken',
    detail: 'Ask whoever made the link for a new one.',
  },
  token_revoked: {
    kind: 'refused',
    title: 'The web access token was revoked',
    challenge: 'WebAccessToken',
    detail: 'Ask whoever made the link for a new one.',
  },
  rate_limited: {
    kind: 'rate_limited',
    title: 'Too many refused requests',
    detail: 'Wait for as long as Retry-After says.',
  },
  link_path_invalid: {
    kind: 'syntax',
    title: 'The path of the link leads nowhere',
    detail:
      'The path must lead below the target: no empty segments, no dots, no encoded slashes or backslashes.',
  },
  link_target_missing: {
    kind: 'not_found',
    title: 'Links have no target here',
  },
  prefetch_refused: {
    kind: 'forbidden',
    title: 'Links are not opened ahead of time',
    detail: 'Open the link when somebody follows it.',
  },
  code_invalid: {
    kind: 'refused',
    title: 'The code is unknown, used or too old',
    challenge: 'WebAccessToken',
    detail: 'Open the link again: a code is good once, for 60 seconds.',
  },
  session_invalid: {
    kind: 'refused',
    title: 'There is no session, or it has ended',
    challenge: 'WebAccessToken',
    detail: 'Exchange a web access token for a new one.',
  },
});
