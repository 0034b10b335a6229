import { embeddedStores } from '../../../support/control-stores.ts';
import { directoryCases } from './directory.cases.ts';

directoryCases(embeddedStores);
