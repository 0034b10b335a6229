import { uiSessionRouteCases } from '../../integration/http/ui-session.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(uiSessionRouteCases);
