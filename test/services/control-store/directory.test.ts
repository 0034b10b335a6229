import { describeOnPostgres } from '../../support/services/postgres-stores.ts';
import { directoryCases } from '../../unit/tokens/directory/directory.cases.ts';

describeOnPostgres(directoryCases);
