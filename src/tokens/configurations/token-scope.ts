import type { OrganisationFilter } from './configuration-store.ts';

/** Tokens that a caller may request and revoke: those of one organisation, or of some of its configurations. */
export interface TokenScope {
  readonly organisationId: OrganisationFilter;
  /** Undefined: all configurations of the organisation. */
  readonly configurationIds: readonly string[] | undefined;
}

/**
 * Returns whether a configuration is in scope. For a configuration that is not, the API responds as if it did not
 * exist.
 */
export function isInScope(
  { organisationId, configurationIds }: TokenScope,
  configuration: { readonly organisationId: string; readonly configurationId: string },
): boolean {
  return (
    (organisationId === undefined || organisationId === configuration.organisationId) &&
    (configurationIds === undefined || configurationIds.includes(configuration.configurationId))
  );
}
