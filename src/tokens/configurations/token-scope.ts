import type { OrganisationFilter } from './configuration-store.ts';

/** Whose tokens a caller may request and revoke: of one organisation or of all, and there of some configurations. */
export interface Reach {
  readonly organisationId: OrganisationFilter;
  /** Undefined: all of them. */
  readonly configurationIds: readonly string[] | undefined;
}

/** What is out of reach is answered as if it were not there. */
export function isWithin(
  { organisationId, configurationIds }: Reach,
  of: { readonly organisationId: string; readonly configurationId: string },
): boolean {
  return (
    (organisationId === undefined || organisationId === of.organisationId) &&
    (configurationIds === undefined || configurationIds.includes(of.configurationId))
  );
}
