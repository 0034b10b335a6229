import { sharedStoreCases } from '../../integration/control/shared-store.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(sharedStoreCases);
