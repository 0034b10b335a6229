import { directoryRouteCases } from '../../integration/http/directory.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(directoryRouteCases);
