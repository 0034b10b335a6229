import { embeddedStores } from '../../support/control-stores.ts';
import { accessCases } from './access.cases.ts';

accessCases(embeddedStores);
