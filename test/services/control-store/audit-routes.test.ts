import { auditRouteCases } from '../../integration/http/audit.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(auditRouteCases);
