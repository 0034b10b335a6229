import { linkCodeRoutesCases } from '../../integration/http/link-codes.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(linkCodeRoutesCases);
