import type { Clock } from '../../platform/clock.ts';
import { type Component, createLifecycle, type Lifecycle } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Http } from '../http.ts';
import type { WorkersPart } from '../parts/workers.ts';

export interface ProcessDeps {
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** A process of one role. Its stores are open; it does nothing before `start`. */
export interface WatmeterProcess extends Lifecycle, Pick<Http, 'routes' | 'openApi'> {
  /** Returns the URL at which the process answers; only after `start`. */
  address(): string;
  /** Returns why this process must be ended and started again; undefined while it need not. */
  stalled(): string | undefined;
}

export interface ProcessParts {
  /** In the order of their start. They stop in reverse, after the server. */
  readonly components: readonly Component[];
  readonly http: Http;
  readonly workers?: Pick<WorkersPart, 'before' | 'address'>;
  readonly stalled?: () => string | undefined;
}

/** Returns a process that starts its components, then its server, then the workers before the server. */
export function createProcess(parts: ProcessParts, logger: Logger): WatmeterProcess {
  const { components, http, workers, stalled = () => undefined } = parts;
  const ordered = [...components, http, ...(workers?.before(http) ?? [])];
  return {
    ...createLifecycle(ordered, logger),
    address: () => workers?.address() ?? http.address(),
    ...{ routes: http.routes, openApi: http.openApi, stalled },
  };
}
