import { directoryRouteCases } from '../../integration/http/directory.cases.ts';
import { embeddedStores } from '../../support/control-stores.ts';

directoryRouteCases(embeddedStores);
