import { tokenTestCases } from '../../integration/http/token-test.cases.ts';
import { embeddedStores } from '../../support/control-stores.ts';

tokenTestCases(embeddedStores);
