import { platformErrors } from '../../platform/errors/platform-errors.ts';
import type { GuardDescription } from '../../platform/http/openapi/components/security.ts';
import { accessErrors } from './errors.ts';

/** The guard of every route that is not public, as the OpenAPI document describes it. */
export const guardDescription: GuardDescription = {
  schemes: ['apiToken', 'dashboard'],
  signedIn: [accessErrors.unauthenticated, platformErrors.control_store_unavailable],
  scoped: [accessErrors.insufficient_scope],
  changing: [accessErrors.cross_origin],
};
