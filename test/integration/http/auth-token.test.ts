import { embeddedStores } from '../../support/control-stores.ts';
import { authTokenCases } from './auth-token.cases.ts';

authTokenCases(embeddedStores);
