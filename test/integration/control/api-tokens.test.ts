import { embeddedStores } from '../../support/control-stores.ts';
import { apiTokenCases } from './api-tokens.cases.ts';

apiTokenCases(embeddedStores);
