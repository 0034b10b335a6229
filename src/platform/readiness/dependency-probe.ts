import { createPeriodic } from '../background/periodic-task.ts';
import { withTimeLimit } from '../background/time-limit.ts';
import { reasonOf } from '../errors/errors.ts';
import type { Component } from '../lifecycle.ts';
import type { Logger } from '../logger.ts';
import type { ReadinessCheck } from './readiness-check.ts';

export interface DependencyProbeConfig {
  /** Name of the dependency in readiness, metrics and alerts, for example `ClickHouse`. */
  readonly name: string;
  readonly everyMs?: number;
  /** Time limit for a response. */
  readonly timeoutMs?: number;
}

export interface DependencyProbeDeps {
  /** Resolves if the server responds. The promise may reject or never settle. */
  readonly ask: () => Promise<unknown>;
  readonly logger: Logger;
}

/** Regularly checks whether a server responds, so that an outage is visible even if no request needs the server. */
export interface DependencyProbe {
  readonly check: ReadinessCheck;
  readonly component: Component;
}

const defaultEveryMs = 5000;
const defaultTimeoutMs = 4000;

/**
 * Creates a probe that calls `ask` when it starts and then every 5 s. With the default times, an outage is visible within
 * 9 s. The probe logs the beginning and the end of an outage. Its check sets `isHarmless`, because the process continues
 * with the work that does not need the server.
 */
export function createDependencyProbe(
  config: DependencyProbeConfig,
  { ask, logger }: DependencyProbeDeps,
): DependencyProbe {
  const { name, everyMs = defaultEveryMs, timeoutMs = defaultTimeoutMs } = config;
  let trouble: string | undefined;

  async function probe(): Promise<void> {
    try {
      await withTimeLimit(timeoutMs, ask());
      if (trouble !== undefined) logger.info({ dependency: name }, 'a dependency responds again');
      trouble = undefined;
    } catch (error) {
      const reason = reasonOf(error);
      if (trouble === undefined) logger.warn({ dependency: name, reason }, 'a dependency does not respond');
      trouble = `${name} does not respond: ${reason}`;
    }
  }

  const periodic = createPeriodic({ everyMs, keepsProcess: false }, probe);
  let first: Promise<void> | undefined;
  return {
    check: { name, trouble: () => trouble, isHarmless: true },
    component: {
      name: `probe of ${name}`,
      start() {
        first = probe();
        periodic.start();
      },
      async stop() {
        await periodic.stop();
        await first;
      },
    },
  };
}
