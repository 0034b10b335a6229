import { identityKey } from '../../store/stream-state.ts';
import { type Inspection, type IntegrityDeps, inspect } from '../integrity/check.ts';
import { acceptedOf } from './accepted-events.ts';
import { carryOut, type RepairDeps, type RepairOutcome } from './repair.ts';
import { planRepair, type RepairPlan } from './repair-plan.ts';

export interface RepairLoopDeps extends IntegrityDeps, RepairDeps {
  /** Runs one attempt by calling `work`. The caller can record the plan of the attempt before that. */
  readonly attempt: (plan: RepairPlan, work: () => Promise<RepairOutcome>) => Promise<void>;
  readonly onProgress?: (line: string) => void;
}

const maxAttempts = 5;

/**
 * Executes a confirmed plan. A row is identified by its part, so the row stays if ClickHouse merges that part during
 * the repair. The loop then searches for the row again and repeats the removal, in at most five attempts. The loop
 * never removes rows of events that are not in the confirmed plan.
 *
 * @returns the result of the check after the last attempt.
 */
export async function repairUntilDone(
  confirmed: RepairPlan,
  inspection: Inspection,
  deps: RepairLoopDeps,
): Promise<Inspection> {
  const mayRemove = new Set(confirmed.remove.map(({ event }) => identityKey(event)));
  let plan = confirmed;
  let current = inspection;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const [attemptPlan, before] = [plan, current];
    await deps.attempt(attemptPlan, () => carryOut(attemptPlan, before, deps));
    current = await inspect(deps, 'full', deps.onProgress);
    const remaining = planRepair(current, await acceptedOf(current, deps));
    const remove = remaining.remove.filter(({ event }) => mayRemove.has(identityKey(event)));
    if (remove.length === 0) break;
    plan = { ...remaining, remove, fill: [] };
  }
  return current;
}
