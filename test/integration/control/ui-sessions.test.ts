import { embeddedStores } from '../../support/control-stores.ts';
import { uiSessionCases } from './ui-sessions.cases.ts';

uiSessionCases(embeddedStores);
