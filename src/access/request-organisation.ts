import type { FastifyRequest } from 'fastify';
import { requireAll } from './organisations/organisation-routes.ts';
import { defaultOrganisationId } from './organisations/organisations.ts';
import { principalOf } from './principal/principal.ts';

/** Returns the one organisation that a request may see; undefined for all of them. */
export function organisationOf(request: FastifyRequest): string | undefined {
  return request.principal?.organisationId;
}

/** Returns the organisation that gets what a request creates. */
export function homeOrganisationOf(request: FastifyRequest): string {
  return organisationOf(request) ?? defaultOrganisationId;
}

/** Returns what the API token of a request may request and revoke tokens of. */
export function tokenScopeOf(request: FastifyRequest): {
  readonly organisationId: string | undefined;
  readonly configurationIds: readonly string[] | undefined;
} {
  const { organisationId, configurationIds } = principalOf(request);
  return { organisationId, configurationIds };
}

/** @throws AppError `all_organisations_needed` when a request may see one organisation only. */
export function requireAllOrganisations(request: FastifyRequest): void {
  requireAll(principalOf(request));
}
