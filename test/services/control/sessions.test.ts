import { sessionCases } from '../../integration/control/sessions.cases.ts';
import { embeddedStores } from '../../support/control-stores.ts';

sessionCases(embeddedStores);
