import { platformErrors } from '../../platform/errors/platform-errors.ts';
import type { GuardDescription } from '../../platform/http/openapi/components/security.ts';
import { accessErrors } from './errors.ts';

/**
 * Describes the guard of non-public routes for the OpenAPI document: its security schemes, and the errors that it
 * returns.
 */
export const guardDescription: GuardDescription = {
  schemes: ['apiToken', 'dashboard'],
  signedIn: [
    accessErrors.unauthenticated,
    platformErrors.rate_limited,
    platformErrors.control_store_unavailable,
  ],
  scoped: [accessErrors.insufficient_scope],
  changing: [accessErrors.cross_origin],
};
