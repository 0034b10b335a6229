import { defineErrors } from '../../platform/errors/define-errors.ts';

/** Errors for exchanges, links and sessions. */
export const gatewayErrors = defineErrors({
  token_invalid: {
    kind: 'refused',
    title: 'The web access token is not valid',
    challenge: 'WebAccessToken',
    detail: 'Ask the sender for a new link.',
  },
  token_not_yet_valid: {
    kind: 'refused',
    title: 'The web access token is not valid yet',
    challenge: 'WebAccessToken',
    detail: 'Try again after the link becomes valid.',
  },
  token_expired: {
    kind: 'refused',
    title: 'The web access token has expired',
    challenge: 'WebAccessToken',
    detail: 'Ask the sender for a new link.',
  },
  token_revoked: {
    kind: 'refused',
    title: 'The web access token was revoked',
    challenge: 'WebAccessToken',
    detail: 'Ask the sender for a new link.',
  },
  link_path_invalid: {
    kind: 'syntax',
    title: 'The path of the link is not valid',
    detail:
      'The path must stay below the target: no empty segments, no dot segments, no encoded slashes or backslashes.',
  },
  link_target_missing: {
    kind: 'not_found',
    title: 'No link target is configured',
  },
  prefetch_refused: {
    kind: 'forbidden',
    title: 'Links cannot be prefetched',
    detail: 'Open the link only when a person follows it.',
  },
  not_a_page_load: {
    kind: 'forbidden',
    title: 'The request does not load a page',
    detail: 'Open the link in a window or a frame, not as an image, a script or by fetch.',
  },
  link_unconfirmed: {
    kind: 'conflict',
    title: 'Another link is open in this browser',
    detail: 'Never a response: the browser receives a confirmation page. Only metrics contain this code.',
  },
  cross_site_frame: {
    kind: 'forbidden',
    title: 'The link cannot be shown in a frame of another site',
    detail: 'Set COOKIE_SAMESITE=none or LINK_HANDOFF=code, or open the link in a window.',
  },
  resource_not_granted: {
    kind: 'forbidden',
    title: 'The token does not grant the resource of the link',
    detail: 'Ask the sender for a link to a dashboard that the token grants.',
  },
  claims_budget_exceeded: {
    kind: 'rate_limited',
    title: 'The token configuration has stored too many large claims',
    detail: 'Try again after the time in Retry-After, or use tokens with smaller grants.',
  },
  code_invalid: {
    kind: 'refused',
    title: 'The code is unknown, used or expired',
    challenge: 'WebAccessToken',
    detail: 'Open the link again. A code is valid once, for 60 seconds.',
  },
  session_invalid: {
    kind: 'refused',
    title: 'There is no session, or it has ended',
    challenge: 'WebAccessToken',
    detail: 'Exchange a Web Access Token for a new session.',
  },
});
