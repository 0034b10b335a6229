/**
 * Every error code that a client can meet, with its kind. Codes are a public contract: they are listed in
 * docs/errors.md, and a test holds table and page together.
 */
export const errorCodes = {
  invalid_json: { kind: 'syntax', title: 'The body is not valid JSON' },
  invalid_request: { kind: 'syntax', title: 'The request has faults' },
  invalid_time_zone: { kind: 'syntax', title: 'Unknown time zone' },
  invalid_cursor: { kind: 'syntax', title: 'Unknown cursor' },
  bad_request: { kind: 'syntax', title: 'The request cannot be read' },
  unauthenticated: { kind: 'unauthenticated', title: 'A valid API token is needed' },
  token_invalid: { kind: 'refused', title: 'The web access token is not valid' },
  token_not_yet_valid: { kind: 'refused', title: 'The web access token is not valid yet' },
  token_expired: { kind: 'refused', title: 'The web access token has expired' },
  token_revoked: { kind: 'refused', title: 'The web access token was revoked' },
  code_invalid: { kind: 'refused', title: 'The code is unknown, used or too old' },
  link_path_invalid: { kind: 'syntax', title: 'The path of the link leads nowhere' },
  link_target_missing: { kind: 'not_found', title: 'Links have no target here' },
  prefetch_refused: { kind: 'forbidden', title: 'Links are not opened ahead of time' },
  session_invalid: { kind: 'refused', title: 'There is no session, or it has ended' },
  insufficient_scope: { kind: 'forbidden', title: 'The API token lacks a scope' },
  all_organisations_needed: {
    kind: 'forbidden',
    title: 'An API token of all organisations is needed',
  },
  cross_origin: { kind: 'forbidden', title: 'The request comes from another origin' },
  metrics_not_allowed: { kind: 'forbidden', title: 'Metrics are not open to this address' },
  not_found: { kind: 'not_found', title: 'Not found' },
  configuration_not_found: { kind: 'not_found', title: 'No such token configuration' },
  web_access_token_not_found: { kind: 'not_found', title: 'No such web access token' },
  api_token_not_found: { kind: 'not_found', title: 'No such API token' },
  organisation_not_found: { kind: 'not_found', title: 'No such organisation' },
  method_not_allowed: { kind: 'method', title: 'Method not allowed' },
  name_taken: { kind: 'conflict', title: 'The name is taken' },
  configuration_disabled: { kind: 'conflict', title: 'The token configuration is disabled' },
  too_many_keys: { kind: 'conflict', title: 'Too many keys are accepted' },
  payload_invalid: { kind: 'meaning', title: 'The payload has faults' },
  invalid_public_key: { kind: 'meaning', title: 'Invalid public key' },
  bound_token_scopes: {
    kind: 'meaning',
    title: 'An API token of some configurations can only request tokens',
  },
  api_token_revoked: { kind: 'conflict', title: 'The API token was revoked' },
  payload_too_large: { kind: 'too_large', title: 'The body is too large' },
  uri_too_long: { kind: 'uri_too_long', title: 'The URL is too long' },
  unsupported_media_type: { kind: 'media_type', title: 'The body is of a type that is not taken here' },
  headers_too_large: { kind: 'headers_too_large', title: 'The headers are too large' },
  request_timeout: { kind: 'timeout', title: 'The request took too long to arrive' },
  rate_limited: { kind: 'rate_limited', title: 'Too many refused requests' },
  journal_unavailable: { kind: 'unavailable', title: 'No session can be accepted now' },
  usage_unavailable: { kind: 'unavailable', title: 'The usage store does not answer' },
  control_store_unavailable: { kind: 'unavailable', title: 'The control store does not answer' },
  stopping: { kind: 'unavailable', title: 'The process is stopping' },
  internal_error: { kind: 'internal', title: 'Internal error' },
} as const satisfies Record<string, { kind: string; title: string }>;

export type ErrorCode = keyof typeof errorCodes;
export type ErrorKind = (typeof errorCodes)[ErrorCode]['kind'];
