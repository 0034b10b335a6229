import { defineErrors } from './define-errors.ts';

/** Errors of the HTTP server and of the store clients in `platform`. */
export const platformErrors = defineErrors({
  invalid_json: {
    kind: 'syntax',
    title: 'The body is not valid JSON',
    detail: 'Send a JSON text in UTF-8 as the body (RFC 8259).',
  },
  invalid_utf8: {
    kind: 'syntax',
    title: 'The body is not valid UTF-8',
    detail: 'Encode the body in UTF-8 (RFC 3629).',
  },
  invalid_request: {
    kind: 'syntax',
    title: 'The request is not valid',
    detail: 'Fix the fields listed in errors.',
  },
  invalid_cursor: {
    kind: 'syntax',
    title: 'Unknown cursor',
    detail: 'Send the nextCursor of the previous page unchanged, or start again without one.',
  },
  bad_request: {
    kind: 'syntax',
    title: 'The request cannot be parsed',
    detail: 'Send a valid HTTP request (RFC 9112) with a correctly encoded URL.',
  },
  not_found: {
    kind: 'not_found',
    title: 'Not found',
    detail: 'GET /api/v1/openapi.json lists the operations of this process.',
  },
  method_not_allowed: {
    kind: 'method',
    title: 'Method not allowed',
    detail: 'GET /api/v1/openapi.json lists the operations of this process.',
  },
  payload_too_large: {
    kind: 'too_large',
    title: 'The body is too large',
    detail: 'Send a body of at most 256 KiB.',
  },
  uri_too_long: {
    kind: 'uri_too_long',
    title: 'The URL is too long',
    detail: 'Send a URL of at most 16 KiB, with at most 2,048 characters in each path parameter.',
  },
  unsupported_media_type: {
    kind: 'media_type',
    title: 'The media type of the body is not supported',
    detail: 'Send JSON with Content-Type: application/json.',
  },
  expectation_failed: {
    kind: 'expectation',
    title: 'The expectation cannot be met',
    detail: 'Send no Expect header, or 100-continue.',
  },
  rate_limited: {
    kind: 'rate_limited',
    title: 'Too many rejected requests',
    detail: 'Try again after the time in Retry-After.',
  },
  headers_too_large: {
    kind: 'headers_too_large',
    title: 'The headers are too large',
    detail: 'Send at most 16 KiB of headers.',
  },
  request_timeout: {
    kind: 'timeout',
    title: 'The request took too long to arrive',
    detail: 'Send the whole request within 30 seconds.',
  },
  metrics_not_allowed: {
    kind: 'forbidden',
    title: 'Metrics are not available to this address',
  },
  name_taken: {
    kind: 'conflict',
    title: 'The name is taken',
  },
  workbook_too_large: {
    kind: 'meaning',
    title: 'The response does not fit into a workbook',
    detail: 'A workbook has at most 1,048,575 rows and 500,000 cells. Use format=csv or format=jsonl.',
  },
  control_store_unavailable: {
    kind: 'unavailable',
    title: 'The control store does not respond',
    detail: 'Try again in a moment.',
  },
  stopping: {
    kind: 'unavailable',
    title: 'The process is stopping',
    detail: 'Try again after the time in Retry-After.',
  },
  internal_error: {
    kind: 'internal',
    title: 'Internal error',
    detail: 'Try again. If the error persists, see the log of watmeter.',
  },
});
