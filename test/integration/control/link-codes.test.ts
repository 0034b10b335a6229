import { embeddedStores } from '../../support/control-stores.ts';
import { linkCodesCases } from './link-codes.cases.ts';

linkCodesCases(embeddedStores);
