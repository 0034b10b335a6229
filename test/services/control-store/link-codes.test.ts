import { linkCodesCases } from '../../integration/control/link-codes.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(linkCodesCases);
