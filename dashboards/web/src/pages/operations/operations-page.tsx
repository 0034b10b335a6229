import { useEffect } from 'preact/hooks';
import { usePageTitle } from '../../app/page-title.ts';
import { useScope } from '../../app/session-context.ts';
import { followLive } from '../../data/live.ts';
import { chooseZone } from '../../lib/zones.ts';
import { GatewaysCard } from './gateways-card.tsx';
import { IntegrityCard } from './integrity-card.tsx';
import { PartsCard } from './parts-card.tsx';
import { RefusalsCard } from './refusals-card.tsx';
import { useGateways, useLedger, useReadiness, useRefusals } from './use-operations.ts';
import { VerdictCard } from './verdict-card.tsx';

/** The page for operators. It shows whether every accepted session is stored, and what to do if not. */
export function OperationsPage() {
  const timeZone = chooseZone(null);
  const readiness = useReadiness();
  const gateways = useGateways();
  const ledger = useLedger();
  const refusals = useRefusals();
  const canReadUsage = useScope('usage:read');
  usePageTitle('Operations');
  useEffect(() => (canReadUsage ? followLive([]) : undefined), [canReadUsage]);
  return (
    <>
      <div class="page__head">
        <h1>Operations</h1>
      </div>
      <VerdictCard {...{ readiness, gateways, ledger, timeZone }} />
      <div class="lists">
        <PartsCard readiness={readiness} />
        <IntegrityCard ledger={ledger} timeZone={timeZone} />
      </div>
      <div class="lists">
        <GatewaysCard gateways={gateways} timeZone={timeZone} />
        <RefusalsCard refusals={refusals} timeZone={timeZone} />
      </div>
    </>
  );
}
