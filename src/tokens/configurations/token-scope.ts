import type { OrganisationFilter } from './configuration-store.ts';

/** The tokens that a caller may request and revoke, limited by organisation and by configuration. */
export interface TokenScope {
  readonly organisationId: OrganisationFilter;
  /** Undefined: all configurations. */
  readonly configurationIds: readonly string[] | undefined;
}

/** Returns whether a configuration is in scope. If it is not, the API responds as if it did not exist. */
export function isInScope(
  { organisationId, configurationIds }: TokenScope,
  configuration: { readonly organisationId: string; readonly configurationId: string },
): boolean {
  return (
    (organisationId === undefined || organisationId === configuration.organisationId) &&
    (configurationIds === undefined || configurationIds.includes(configuration.configurationId))
  );
}
