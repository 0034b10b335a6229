import type { Clock } from '../../platform/clock.ts';
import { type Component, createLifecycle, type Lifecycle } from '../../platform/lifecycle.ts';
import type { CountingLogger, Logger } from '../../platform/logger.ts';
import type { Http } from '../http.ts';
import type { WorkersPart } from '../parts/workers.ts';

export interface ProcessDeps {
  readonly logger: Logger & Partial<Pick<CountingLogger, 'droppedLines'>>;
  readonly clock?: Clock;
}

/** A process with one role. Its stores are open, but its server accepts no requests before `start`. */
export interface WatmeterProcess extends Lifecycle, Pick<Http, 'routes' | 'openApi'> {
  /** Returns the URL of the process. Call it only after `start`. */
  address(): string;
  /** Returns why the process must be restarted, or undefined if it need not be. */
  stalled(): string | undefined;
}

export interface ProcessParts {
  /** Components in start order. A stop has the reverse order, and begins with the server. */
  readonly components: readonly Component[];
  readonly http: Http;
  readonly workers?: Pick<WorkersPart, 'components' | 'address'>;
  readonly stalled?: () => string | undefined;
}

/**
 * Creates a process that starts its components, then its server, then the gateway workers. A stop has the reverse
 * order.
 */
export function createProcess(parts: ProcessParts, logger: Logger): WatmeterProcess {
  const { components, http, workers, stalled = () => undefined } = parts;
  const ordered = [...components, http, ...(workers?.components(http) ?? [])];
  return {
    ...createLifecycle(ordered, logger),
    address: () => workers?.address() ?? http.address(),
    ...{ routes: http.routes, openApi: http.openApi, stalled },
  };
}
