import { embeddedStores } from '../../support/control-stores.ts';
import { tenancyCases } from './tenancy.cases.ts';

tenancyCases(embeddedStores);
