import { embeddedStores } from '../../../support/control-stores.ts';
import { tokenOpenerCases } from './token-opener.cases.ts';

tokenOpenerCases(embeddedStores);
