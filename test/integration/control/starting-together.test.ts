import { embeddedStores } from '../../support/control-stores.ts';
import { startingTogetherCases } from './starting-together.cases.ts';

startingTogetherCases(embeddedStores);
