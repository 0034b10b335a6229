import { LRUCache } from 'lru-cache';
import { createImportRoutes } from '../../../consumers/import/import-routes.ts';
import { createImporter } from '../../../consumers/import/importer.ts';
import type { EventStore } from '../../../consumers/store/event-store.ts';
import type { Organisations } from '../../access/organisations/organisations.ts';
import { homeOrganisationOf } from '../../access/request-organisation.ts';
import { createPseudonymiser } from '../../gateway/exchange/pseudonym.ts';
import type { Clock } from '../../platform/clock.ts';
import type { RegisterRoutes } from '../../platform/http/routes/register-routes.ts';
import type { ConfigurationStore } from '../../tokens/configurations/configuration-store.ts';
import type { ClickHouse } from '../stores/clickhouse.ts';

export interface ImportPartDeps {
  readonly eventStore: ClickHouse['eventStore'];
  readonly organisations: Pick<Organisations, 'viewerKeyOf'>;
  readonly tokens: { readonly configurationStore: Pick<ConfigurationStore, 'find'> };
  readonly clock: Clock;
}

/** Creates the routes that import sessions from another system. */
export function createImportPart({
  eventStore,
  organisations,
  tokens,
  clock,
}: ImportPartDeps): RegisterRoutes {
  const pseudonymise = createPseudonymiser(organisations.viewerKeyOf);
  const importer = createImporter({
    openStore: createStoreCache(eventStore),
    pseudonymOf: (organisationId, subject) =>
      pseudonymise({ organisationId, isCached: false, claims: { subject } }),
  });
  return createImportRoutes({
    importer,
    organisationOf: homeOrganisationOf,
    hasConfiguration: async (id, organisationId) =>
      (await tokens.configurationStore.find(id, organisationId)) !== undefined,
    clock,
  });
}

/** Maximum number of cached stores. Fewer files are imported at the same time. */
const maxStores = 16;

/**
 * Creates a function that opens event stores and caches them. The cache is needed because of `withWriteCheck`: the
 * first call of a new store fails if any earlier write in this process has failed.
 */
function createStoreCache(open: ImportPartDeps['eventStore']): (partition: number) => EventStore {
  const stores = new LRUCache<number, EventStore>({ max: maxStores });
  return (partition) => {
    const store = stores.get(partition) ?? open(partition);
    stores.set(partition, store);
    return store;
  };
}
