import { sharedStoreCases } from '../../integration/control/shared-store.cases.ts';
import { embeddedStores } from '../../support/control-stores.ts';

sharedStoreCases(embeddedStores);
