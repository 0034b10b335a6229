import { listParameterCases } from '../../integration/http/list-parameters.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(listParameterCases);
