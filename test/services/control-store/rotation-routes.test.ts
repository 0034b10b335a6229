import { rotationCases } from '../../integration/http/rotation.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(rotationCases);
