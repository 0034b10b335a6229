import { journalErrors } from '../../journal/declarations/errors.ts';
import { platformErrors } from '../../platform/errors/platform-errors.ts';
import { gatewayErrors } from '../declarations/errors.ts';
/** Errors for a rejected token. The OpenAPI document lists them. */
export const refusalErrors = [
  gatewayErrors.token_invalid,
  gatewayErrors.token_not_yet_valid,
  gatewayErrors.token_expired,
  gatewayErrors.token_revoked,
];

/**
 * Errors of an exchange. Only an exchange with large claims, or of a link with LINK_HANDOFF=code, uses the control
 * store.
 */
export const exchangeErrors = [
  ...refusalErrors,
  gatewayErrors.claims_budget_exceeded,
  platformErrors.rate_limited,
  journalErrors.journal_unavailable,
  platformErrors.control_store_unavailable,
];
