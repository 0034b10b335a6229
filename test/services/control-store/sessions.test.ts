import { sessionCases } from '../../integration/control/sessions.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(sessionCases);
