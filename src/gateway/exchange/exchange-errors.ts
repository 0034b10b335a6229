import { journalErrors } from '../../journal/declarations/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { gatewayErrors } from '../declarations/errors.ts';
/** Errors for a rejected token, as listed in the OpenAPI document. */
export const refusalErrors = [
  gatewayErrors.token_invalid,
  gatewayErrors.token_not_yet_valid,
  gatewayErrors.token_expired,
  gatewayErrors.token_revoked,
];

/** Errors of an exchange. It uses the control store only for large claims and for links with LINK_HANDOFF=code. */
export const exchangeErrors = [
  ...refusalErrors,
  gatewayErrors.rate_limited,
  journalErrors.journal_unavailable,
  platformErrors.control_store_unavailable,
];
