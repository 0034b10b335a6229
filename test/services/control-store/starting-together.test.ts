import { startingTogetherCases } from '../../integration/control/starting-together.cases.ts';
import { describeOnPostgres } from '../../support/services/postgres-stores.ts';

describeOnPostgres(startingTogetherCases);
