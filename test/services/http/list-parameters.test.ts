import { listParameterCases } from '../../integration/http/list-parameters.cases.ts';
import { embeddedStores } from '../../support/control-stores.ts';

listParameterCases(embeddedStores);
