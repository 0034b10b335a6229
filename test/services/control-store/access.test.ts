import { accessCases } from '../../integration/http/access.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(accessCases);
