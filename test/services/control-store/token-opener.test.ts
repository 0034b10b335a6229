import { describeOnPostgres } from '../../support/services/postgres-stores.ts';
import { tokenOpenerCases } from '../../unit/tokens/opening/token-opener.cases.ts';

describeOnPostgres(tokenOpenerCases);
