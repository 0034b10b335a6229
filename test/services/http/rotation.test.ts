import { rotationCases } from '../../integration/http/rotation.cases.ts';
import { embeddedStores } from '../../support/control-stores.ts';

rotationCases(embeddedStores);
