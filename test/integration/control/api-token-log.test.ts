import { embeddedStores } from '../../support/control-stores.ts';
import { apiTokenLogCases } from './api-token-log.cases.ts';

apiTokenLogCases(embeddedStores);
