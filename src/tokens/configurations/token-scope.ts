import type { OrganisationFilter } from './configuration-store.ts';

/** The tokens that a caller may request and revoke: those of one or all organisations, and of some or all configurations. */
export interface TokenScope {
  readonly organisationId: OrganisationFilter;
  /** Undefined: every configuration. */
  readonly configurationIds: readonly string[] | undefined;
}

/** Returns whether a configuration is in scope. The API answers as if a configuration out of scope did not exist. */
export function isInScope(
  { organisationId, configurationIds }: TokenScope,
  configuration: { readonly organisationId: string; readonly configurationId: string },
): boolean {
  return (
    (organisationId === undefined || organisationId === configuration.organisationId) &&
    (configurationIds === undefined || configurationIds.includes(configuration.configurationId))
  );
}
