import { AppError } from '../../platform/errors/errors.ts';
import { tokenErrors } from '../declarations/errors.ts';
import type { TokenStore } from '../declarations/tables.ts';
import type { OrganisationFilter } from './configuration-store.ts';

export type RequireConfigurations = (
  ids: readonly string[],
  organisation: OrganisationFilter,
) => Promise<void>;

/**
 * Creates a check that throws unless all given configurations exist, are not deleted and belong to the organisation.
 * @throws AppError `configuration_not_found` from the check.
 */
export function createConfigurationCheck(control: TokenStore): RequireConfigurations {
  return async (ids, organisation) => {
    let query = control
      .selectFrom('token_configurations')
      .select('id')
      .where('id', 'in', [...ids])
      .where('deleted_at', 'is', null);
    if (organisation !== undefined) query = query.where('organisation_id', '=', organisation);
    const rows = await query.execute();
    if (rows.length < new Set(ids).size) throw new AppError(tokenErrors.configuration_not_found);
  };
}
