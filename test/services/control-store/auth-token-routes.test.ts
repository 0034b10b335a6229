import { authTokenCases } from '../../integration/http/auth-token.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(authTokenCases);
