import { embeddedStores } from '../../support/control-stores.ts';
import { tokenTestCases } from './token-test.cases.ts';

tokenTestCases(embeddedStores);
