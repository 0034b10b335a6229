import { linkCodeRoutesCases } from '../../integration/http/link-codes.cases.ts';
import { embeddedStores } from '../../support/control-stores.ts';

linkCodeRoutesCases(embeddedStores);
