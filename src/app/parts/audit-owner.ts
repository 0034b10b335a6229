import { findApiToken } from '../../access/api-tokens/api-token-rows.ts';
import type { ControlStore } from '../../platform/sql/control-store.ts';
import type { ConfigurationStore } from '../../tokens/configurations/configuration-store.ts';
import type { ControlTables } from '../declared.ts';

export interface AuditOwnerDeps {
  readonly control: ControlStore<ControlTables>;
  readonly configurationStore: Pick<ConfigurationStore, 'find'>;
}

/**
 * Creates a function that finds the organisation of an audited configuration or API token, for the audit log.
 */
export function createAuditOwner({ control, configurationStore }: AuditOwnerDeps) {
  return async (action: string, target: string): Promise<string | undefined> => {
    if (action.startsWith('configuration.') || action.startsWith('token.'))
      return (await configurationStore.find(target, undefined))?.organisationId;
    if (action.startsWith('api-token.'))
      return (await findApiToken(control, target, undefined))?.organisationId;
    return undefined;
  };
}
