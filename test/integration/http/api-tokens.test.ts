import { embeddedStores } from '../../support/control-stores.ts';
import { apiTokenRouteCases } from './api-tokens.cases.ts';

apiTokenRouteCases(embeddedStores);
