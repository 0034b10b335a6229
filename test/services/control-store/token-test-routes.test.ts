import { tokenTestCases } from '../../integration/http/token-test.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(tokenTestCases);
