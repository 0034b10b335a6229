import { describeOnPostgres } from '../../support/services/postgres-stores.ts';
import { configurationKeyCases } from '../../unit/tokens/configurations/configuration-keys.cases.ts';

describeOnPostgres(configurationKeyCases);
