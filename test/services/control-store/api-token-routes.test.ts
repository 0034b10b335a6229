import { apiTokenRouteCases } from '../../integration/http/api-tokens.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(apiTokenRouteCases);
