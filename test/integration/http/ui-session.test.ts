import { embeddedStores } from '../../support/control-stores.ts';
import { uiSessionRouteCases } from './ui-session.cases.ts';

uiSessionRouteCases(embeddedStores);
