import { embeddedStores } from '../../../support/control-stores.ts';
import { configurationKeyCases } from './configuration-keys.cases.ts';

configurationKeyCases(embeddedStores);
