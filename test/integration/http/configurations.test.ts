import { embeddedStores } from '../../support/control-stores.ts';
import { configurationRouteCases } from './configurations.cases.ts';

configurationRouteCases(embeddedStores);
