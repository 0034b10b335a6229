import type { OrganisationFilter } from './configuration-store.ts';

/** The tokens that a caller may request and revoke: of one organisation or all, and of some configurations or all. */
export interface Reach {
  readonly organisationId: OrganisationFilter;
  /** Undefined: every configuration. */
  readonly configurationIds: readonly string[] | undefined;
}

/** Returns whether a configuration is within reach. The API answers as if one out of reach did not exist. */
export function isWithin(
  { organisationId, configurationIds }: Reach,
  configuration: { readonly organisationId: string; readonly configurationId: string },
): boolean {
  return (
    (organisationId === undefined || organisationId === configuration.organisationId) &&
    (configurationIds === undefined || configurationIds.includes(configuration.configurationId))
  );
}
