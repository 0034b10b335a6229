import { auditCases } from '../../integration/control/audit.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(auditCases);
