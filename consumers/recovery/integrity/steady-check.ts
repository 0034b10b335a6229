import { setTimeout as sleep } from 'node:timers/promises';
import { type IntegrityDeps, inspect } from './check.ts';
import type { Depth, IntegrityReport } from './model/report.ts';

/**
 * Wait before the second check. An insert that spans the end of a month writes two parts. The second part can become
 * visible later, by at most the duration of an insert.
 */
const recheckAfterMs = 2000;

/**
 * Creates a check that can run while a sink stores events. If the check finds missing ranges, it runs once more,
 * because a running insert may contain their events. Concurrent callers share one check, because it reads the whole
 * table.
 */
export function createSteadyCheck(deps: IntegrityDeps): (depth: Depth) => Promise<IntegrityReport> {
  const running = new Map<Depth, Promise<IntegrityReport>>();
  return (depth) => {
    const shared = running.get(depth) ?? checkTwice(deps, depth).finally(() => running.delete(depth));
    running.set(depth, shared);
    return shared;
  };
}

async function checkTwice(deps: IntegrityDeps, depth: Depth): Promise<IntegrityReport> {
  const { report } = await inspect(deps, depth);
  if (report.findings.holes.length === 0) return report;
  await sleep(recheckAfterMs);
  return (await inspect(deps, depth)).report;
}
