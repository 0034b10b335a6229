import { embeddedStores } from '../../../support/control-stores.ts';
import { keyringCases } from './keyring.cases.ts';

keyringCases(embeddedStores);
