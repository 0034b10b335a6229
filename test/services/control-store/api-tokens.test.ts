import { apiTokenCases } from '../../integration/control/api-tokens.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(apiTokenCases);
