import { tenancyCases } from '../../integration/http/tenancy.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(tenancyCases);
