import { describeOnPostgres } from '../../support/services/postgres-stores.ts';
import { keyringCases } from '../../unit/tokens/configurations/keyring.cases.ts';

describeOnPostgres(keyringCases);
