import { embeddedStores } from '../../support/control-stores.ts';
import { listParameterCases } from './list-parameters.cases.ts';

listParameterCases(embeddedStores);
