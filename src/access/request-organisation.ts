import type { FastifyRequest } from 'fastify';
import { requireAll } from './organisations/organisation-routes.ts';
import { defaultOrganisationId } from './organisations/organisations.ts';
import { principalOf } from './principal/principal.ts';

/** Returns the organisation that a request may see, or undefined for all organisations. */
export function organisationOf(request: FastifyRequest): string | undefined {
  return request.principal?.organisationId;
}

/** Returns the organisation to which the objects that a request creates belong. */
export function homeOrganisationOf(request: FastifyRequest): string {
  return organisationOf(request) ?? defaultOrganisationId;
}

/** Returns the organisation and configurations whose tokens the API token of a request may request and revoke. */
export function tokenScopeOf(request: FastifyRequest): {
  readonly organisationId: string | undefined;
  readonly configurationIds: readonly string[] | undefined;
} {
  const { organisationId, configurationIds } = principalOf(request);
  return { organisationId, configurationIds };
}

/** Returns the id of the API token behind a request. */
export function tokenIdOf(request: FastifyRequest): string {
  return principalOf(request).tokenId;
}

/** @throws AppError `all_organisations_needed` when a request may see one organisation only. */
export function requireAllOrganisations(request: FastifyRequest): void {
  requireAll(principalOf(request));
}
