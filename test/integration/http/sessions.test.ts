import { embeddedStores } from '../../support/control-stores.ts';
import { sessionRouteCases } from './sessions.cases.ts';

sessionRouteCases(embeddedStores);
