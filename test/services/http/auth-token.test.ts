import { authTokenCases } from '../../integration/http/auth-token.cases.ts';
import { embeddedStores } from '../../support/control-stores.ts';

authTokenCases(embeddedStores);
