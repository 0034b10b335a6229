import { embeddedStores } from '../../support/control-stores.ts';
import { directoryRouteCases } from './directory.cases.ts';

directoryRouteCases(embeddedStores);
