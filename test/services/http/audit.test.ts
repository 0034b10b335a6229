import { auditRouteCases } from '../../integration/http/audit.cases.ts';
import { embeddedStores } from '../../support/control-stores.ts';

auditRouteCases(embeddedStores);
