import { describeOnPostgres } from '../../support/services/postgres-stores.ts';
import { configurationCases } from '../../unit/tokens/configurations/configurations.cases.ts';

describeOnPostgres(configurationCases);
