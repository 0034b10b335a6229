import { apiTokenLogCases } from '../../integration/control/api-token-log.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(apiTokenLogCases);
