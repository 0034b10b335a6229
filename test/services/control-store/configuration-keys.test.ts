import { describeOnPostgres } from '../../support/services/postgres-stores.ts';
import { configurationKeyCases } from '../../unit/tokens/configuration-keys.cases.ts';

describeOnPostgres(configurationKeyCases);
