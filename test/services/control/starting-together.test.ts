import { startingTogetherCases } from '../../integration/control/starting-together.cases.ts';
import { embeddedStores } from '../../support/control-stores.ts';

startingTogetherCases(embeddedStores);
