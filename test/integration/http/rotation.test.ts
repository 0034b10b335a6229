import { embeddedStores } from '../../support/control-stores.ts';
import { rotationCases } from './rotation.cases.ts';

rotationCases(embeddedStores);
