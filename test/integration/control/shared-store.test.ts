import { embeddedStores } from '../../support/control-stores.ts';
import { sharedStoreCases } from './shared-store.cases.ts';

sharedStoreCases(embeddedStores);
