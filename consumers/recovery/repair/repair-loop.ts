import { type Inspection, type IntegrityDeps, inspect } from '../integrity/check.ts';
import { acceptedOf, carryOut, type RepairDeps, type RepairOutcome } from './repair.ts';
import { identityKey, planRepair, type RepairPlan } from './repair-plan.ts';

export interface WholeRepairDeps extends IntegrityDeps, RepairDeps {
  /** Told of each attempt before it is made; carries it out. */
  readonly attempt: (plan: RepairPlan, work: () => Promise<RepairOutcome>) => Promise<void>;
  readonly onProgress?: (line: string) => void;
}

const mostAttempts = 5;

/**
 * Carries a plan out that was shown and confirmed. Rows are found by their part, and a merge moves them: then nothing is
 * removed, and what was confirmed is looked for again, nothing else.
 * @returns how things are after it.
 */
export async function repairWhole(
  confirmed: RepairPlan,
  inspection: Inspection,
  deps: WholeRepairDeps,
): Promise<Inspection> {
  const mayRemove = new Set(confirmed.remove.map(({ event }) => identityKey(event)));
  let plan = confirmed;
  let after = inspection;
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const [current, seen] = [plan, after];
    await deps.attempt(current, () => carryOut(current, seen, deps));
    after = await inspect(deps, 'full', deps.onProgress);
    const next = planRepair(after, await acceptedOf(after, deps.journals));
    const remove = next.remove.filter(({ event }) => mayRemove.has(identityKey(event)));
    if (remove.length === 0) break;
    plan = { ...next, remove, fill: [] };
  }
  return after;
}
