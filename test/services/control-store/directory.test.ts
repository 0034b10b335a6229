import { describeOnPostgres } from '../../support/services/postgres-stores.ts';
import { directoryCases } from '../../unit/tokens/directory.cases.ts';

describeOnPostgres(directoryCases);
