import { uiSessionCases } from '../../integration/control/ui-sessions.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(uiSessionCases);
