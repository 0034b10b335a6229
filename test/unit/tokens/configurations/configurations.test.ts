import { embeddedStores } from '../../../support/control-stores.ts';
import { configurationCases } from './configurations.cases.ts';

configurationCases(embeddedStores);
