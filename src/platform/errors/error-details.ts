import type { ErrorCode } from './error-codes.ts';

/**
 * What the caller can do about an error, where the place that throws it says nothing more exact. One text a code: it
 * knows nothing of the request, so that refusals of one code are the same byte for byte.
 */
export const defaultDetails: Readonly<Partial<Record<ErrorCode, string>>> = {
  invalid_json: 'Send a JSON text in UTF-8 as the body (RFC 8259).',
  invalid_request: 'Mend what errors names.',
  invalid_time_zone: 'Use a name of the IANA time zone database, such as Europe/Berlin or UTC.',
  invalid_cursor: 'Send the nextCursor of the page before as it was, or begin anew without one.',
  bad_request: 'Send a request as RFC 9112 has it, with a URL that is well encoded.',
  token_invalid: 'Ask whoever made the link for a new one.',
  token_not_yet_valid: 'Try again when the time of the link has come.',
  token_expired: 'Ask whoever made the link for a new one.',
  token_revoked: 'Ask whoever made the link for a new one.',
  code_invalid: 'Open the link again: a code is good once, for 60 seconds.',
  link_path_invalid:
    'The path must lead below the target: no empty segments, no dots, no encoded slashes or backslashes.',
  prefetch_refused: 'Open the link when somebody follows it.',
  session_invalid: 'Exchange a web access token for a new one.',
  not_found: 'See GET /api/v1/openapi.json for what there is.',
  configuration_not_found: 'GET /api/v1/web-access-tokens/configurations lists those that there are.',
  web_access_token_not_found: 'Send a token that a configuration of yours can open.',
  api_token_not_found: 'GET /api/v1/api-tokens lists those that there are.',
  organisation_not_found: 'GET /api/v1/organisations lists those that there are.',
  payload_too_large: 'Send at most 256 KiB.',
  uri_too_long: 'Send a URL of at most 16 KiB, with at most 2,048 characters in a parameter of the path.',
  unsupported_media_type: 'Send JSON, with Content-Type: application/json.',
  headers_too_large: 'Send at most 16 KiB of headers.',
  request_timeout: 'Send the whole request within 30 seconds.',
  rate_limited: 'Wait for as long as Retry-After says.',
  usage_unavailable: 'Try again in a moment.',
  control_store_unavailable: 'Try again in a moment.',
  journal_unavailable: 'Try again after Retry-After.',
  stopping: 'Try again after Retry-After: another process, or this one when it is back.',
  internal_error: 'Try again; if it stays, the log of watmeter says why.',
};
