/** The errors of a token that is refused, as the OpenAPI document names them. */
export const refusalErrors = [
  'token_invalid',
  'token_not_yet_valid',
  'token_expired',
  'token_revoked',
] as const;

/** The errors of an exchange. The control store takes part only for large claims and for links with a code. */
export const exchangeErrors = [
  ...refusalErrors,
  'rate_limited',
  'journal_unavailable',
  'control_store_unavailable',
] as const;
