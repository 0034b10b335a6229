import { describeOnPostgres } from '../../support/services/postgres-stores.ts';
import { revocationsCases } from '../../unit/tokens/revocation/revocations.cases.ts';

describeOnPostgres(revocationsCases);
