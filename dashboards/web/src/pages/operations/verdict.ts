import type { StatusKind } from '../../components/status.tsx';
import { formatCount, formatSessions, plural } from '../../lib/number.ts';
import type { GatewayList, IntegrityReport, Readiness } from './use-operations.ts';

/** States whether every accepted session is stored and counted once, and if not, why. */
export interface Verdict {
  readonly kind: StatusKind;
  readonly title: string;
  readonly reason: string;
}

export interface VerdictFacts {
  readonly readiness: Readiness | undefined;
  readonly gateways: GatewayList | undefined;
  readonly ledger: IntegrityReport | undefined;
  readonly nowMs: number;
}

const BEHIND_MS = 60_000;
/** States of producers that hold `completeThrough` back. An unwatched producer does not. */
const HOLDING = new Set(['gone', 'legacy']);

/** Returns the verdict on the most serious problem, or undefined until the integrity check and the gateways are loaded. */
export function verdictOf(facts: VerdictFacts): Verdict | undefined {
  const { ledger, gateways } = facts;
  if (!ledger || !gateways) return undefined;
  return lossOf(ledger) ?? delayOf(facts) ?? troubleOf(facts.readiness) ?? complete;
}

const complete: Verdict = {
  kind: 'good',
  title: 'Complete',
  reason: 'Every accepted session is stored and counted once.',
};

function lossOf({ totals, exact, namelessLetters }: IntegrityReport): Verdict | undefined {
  if (totals.missing > 0)
    return {
      kind: 'bad',
      title: 'Not complete',
      reason: `${formatSessions(totals.missing)} of ${formatCount(totals.accepted)} missing. Check every row, then run: npx watmeter repair`,
    };
  if (!exact)
    return {
      kind: 'bad',
      title: 'Not exact',
      reason: `${surplusOf(totals)} Check every row, then run: npx watmeter repair`,
    };
  const letters = totals.deadLettered + namelessLetters;
  if (letters > 0)
    return {
      kind: 'warn',
      title: 'Not complete',
      reason: `${plural(letters, 'message')} could not be read. List them: npx watmeter dead-letters list`,
    };
  return undefined;
}

/** Returns what differs. Projections can differ from their rows even if each event has one row. */
function surplusOf({ surplus }: IntegrityReport['totals']): string {
  return surplus > 0 ? `${plural(surplus, 'row')} counted twice.` : 'Counts differ from the stored rows.';
}

function delayOf({ gateways, nowMs }: VerdictFacts): Verdict | undefined {
  const completeThrough = gateways?.completeThrough ?? null;
  const holding = gateways?.gateways.filter(({ state }) => HOLDING.has(state)) ?? [];
  if (completeThrough === null && (gateways?.gateways.length ?? 0) > 0)
    return {
      kind: 'warn',
      title: 'Not known yet',
      reason: 'A gateway has not reported how far its sessions are stored.',
    };
  const isBehind = completeThrough !== null && nowMs - Date.parse(completeThrough) > BEHIND_MS;
  if (!isBehind) return undefined;
  const [first] = holding;
  return {
    kind: 'warn',
    title: 'Behind',
    reason:
      first === undefined
        ? 'Accepted sessions wait to be stored. None is lost.'
        : `${first.gateway ?? first.producer} is ${first.state}. Start it again, or retire it below.`,
  };
}

function troubleOf(readiness: Readiness | undefined): Verdict | undefined {
  const trouble = readiness?.parts?.find((part) => part.trouble !== null);
  if (!trouble) return undefined;
  return {
    kind: 'warn',
    title: 'Complete, with a problem',
    reason: `${trouble.name}: ${trouble.trouble ?? ''}`,
  };
}
