import { createPeriodic } from '../background/periodic-task.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../lifecycle.ts';
import type { ReadinessCheck } from './readiness-check.ts';

/** A part of the process in a readiness report. `trouble` and `since` are null if the part has no problem. */
export interface PartReadiness {
  readonly name: string;
  readonly trouble: string | null;
  /** UTC instant in RFC 3339 at which the process noticed the problem. */
  readonly since: string | null;
}

export interface ReadinessReport {
  /** `degraded`: a part has a problem, but the process can do its work. */
  readonly status: 'ready' | 'degraded' | 'not ready';
  readonly parts: readonly PartReadiness[];
}

/** The readiness of a process. Its component runs the checks every second, so that `since` does not depend on requests. */
export interface Readiness {
  report(): ReadinessReport;
  readonly component: Component;
}

const pollMs = 1000;

/**
 * Creates the readiness of a process from the checks of its parts. If the problem of a part changes, `since` stays the
 * same until the part has no problem.
 */
export function createReadiness(checks: readonly ReadinessCheck[], clock: Clock): Readiness {
  const sinceMs = new Map<ReadinessCheck, number>();

  function evaluate(check: ReadinessCheck): PartReadiness {
    const { name } = check;
    const trouble = check.trouble();
    if (trouble === undefined) {
      sinceMs.delete(check);
      return { name, trouble: null, since: null };
    }
    const partSinceMs = sinceMs.get(check) ?? clock.nowMs();
    sinceMs.set(check, partSinceMs);
    return { name, trouble, since: new Date(partSinceMs).toISOString() };
  }

  function report(): ReadinessReport {
    const parts = checks.map(evaluate);
    const isReady = checks.every((check) => check.isHarmless === true || !sinceMs.has(check));
    const status = sinceMs.size === 0 ? 'ready' : isReady ? 'degraded' : 'not ready';
    return { status, parts };
  }

  const noticing = createPeriodic({ everyMs: pollMs, keepsProcess: false }, async () => {
    report();
  });
  return { report, component: { name: 'readiness', ...noticing } };
}
