import type { FastifyRequest } from 'fastify';
import { requireAll } from './organisations/organisation-routes.ts';
import { defaultOrganisationId } from './organisations/organisations.ts';
import { principalOf } from './principal/principal.ts';

/** Returns the organisation whose data a request may access, or undefined for all organisations. */
export function organisationOf(request: FastifyRequest): string | undefined {
  return request.principal?.organisationId;
}

/** Returns the organisation that will own the objects that a request creates. */
export function homeOrganisationOf(request: FastifyRequest): string {
  return organisationOf(request) ?? defaultOrganisationId;
}

/** Returns the organisation and configurations for which the request's API token may request and revoke tokens. */
export function tokenScopeOf(request: FastifyRequest): {
  readonly organisationId: string | undefined;
  readonly configurationIds: readonly string[] | undefined;
} {
  const { organisationId, configurationIds } = principalOf(request);
  return { organisationId, configurationIds };
}

/** Returns the id of the API token that authenticates a request. */
export function tokenIdOf(request: FastifyRequest): string {
  return principalOf(request).tokenId;
}

/**
 * Throws unless the request may access all organisations.
 * @throws AppError `all_organisations_needed`.
 */
export function requireAllOrganisations(request: FastifyRequest): void {
  requireAll(principalOf(request));
}
