import { embeddedStores } from '../../../support/control-stores.ts';
import { revocationsCases } from './revocations.cases.ts';

revocationsCases(embeddedStores);
