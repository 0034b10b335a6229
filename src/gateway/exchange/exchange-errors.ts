import { journalErrors } from '../../journal/declarations/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { gatewayErrors } from '../declarations/errors.ts';
/** The error codes for a refused token, as the OpenAPI document lists them. */
export const refusalErrors = [
  gatewayErrors.token_invalid,
  gatewayErrors.token_not_yet_valid,
  gatewayErrors.token_expired,
  gatewayErrors.token_revoked,
];

/** The error codes of an exchange. Only large claims and links with a code use the control store. */
export const exchangeErrors = [
  ...refusalErrors,
  gatewayErrors.rate_limited,
  journalErrors.journal_unavailable,
  platformErrors.control_store_unavailable,
];
