import { embeddedStores } from '../../support/control-stores.ts';
import { auditRouteCases } from './audit.cases.ts';

auditRouteCases(embeddedStores);
