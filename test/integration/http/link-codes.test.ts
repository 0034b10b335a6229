import { embeddedStores } from '../../support/control-stores.ts';
import { linkCodeRoutesCases } from './link-codes.cases.ts';

linkCodeRoutesCases(embeddedStores);
