import { configurationRouteCases } from '../../integration/http/configurations.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(configurationRouteCases);
