import { describeOnPostgres } from '../../support/services/postgres-stores.ts';
import { configurationCases } from '../../unit/tokens/configurations.cases.ts';

describeOnPostgres(configurationCases);
