import { journalErrors } from '../../journal/declarations/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { gatewayErrors } from '../declarations/errors.ts';
/** The errors of a token that is refused, as the OpenAPI document names them. */
export const refusalErrors = [
  gatewayErrors.token_invalid,
  gatewayErrors.token_not_yet_valid,
  gatewayErrors.token_expired,
  gatewayErrors.token_revoked,
];

/** The errors of an exchange. The control store takes part only for large claims and for links with a code. */
export const exchangeErrors = [
  ...refusalErrors,
  gatewayErrors.rate_limited,
  journalErrors.journal_unavailable,
  platformErrors.control_store_unavailable,
];
