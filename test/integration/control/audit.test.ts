import { embeddedStores } from '../../support/control-stores.ts';
import { auditCases } from './audit.cases.ts';

auditCases(embeddedStores);
