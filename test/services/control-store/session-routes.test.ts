import { sessionRouteCases } from '../../integration/http/sessions.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(sessionRouteCases);
