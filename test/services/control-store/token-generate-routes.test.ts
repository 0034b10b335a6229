import { tokenGenerateCases } from '../../integration/http/token-generate.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(tokenGenerateCases);
