import { embeddedStores } from '../../support/control-stores.ts';
import { tokenGenerateCases } from './token-generate.cases.ts';

tokenGenerateCases(embeddedStores);
