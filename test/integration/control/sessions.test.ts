import { embeddedStores } from '../../support/control-stores.ts';
import { sessionCases } from './sessions.cases.ts';

sessionCases(embeddedStores);
