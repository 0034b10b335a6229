import type { ChangeListeners } from '../../platform/background/change-listeners.ts';
import { generateRandomSecret } from '../../platform/crypto/secrets.ts';
import type { Component } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/logger.ts';
import { addGauge, type Metrics } from '../../platform/metrics.ts';
import type { ReadinessCheck } from '../../platform/readiness/readiness-check.ts';
import type { Config } from '../config.ts';
import type { Http, HttpConfig } from '../http.ts';
import { createGatewayWorkers } from '../workers/gateway-workers.ts';
import type { WorkerLinkDeps } from '../workers/ipc-server.ts';
import type { StartWorker } from '../workers/messages.ts';

export interface WorkersPart {
  readonly checks: readonly ReadinessCheck[];
  /**
   * Address at which the main process accepts requests from workers, and the secret that they must send. The workers
   * listen on HOST and PORT.
   */
  readonly mainServer: Partial<Pick<HttpConfig, 'host' | 'port' | 'proxySecret'>>;
  /** Returns the workers as components, which must start after the main process's server and stop before it. */
  components(http: Pick<Http, 'port'>): readonly Component[];
  /** Returns the URL of the workers, or undefined without workers. Call it only after `start`. */
  address(): string | undefined;
}

export interface WorkersDeps extends Omit<WorkerLinkDeps, 'send'> {
  readonly changeListeners: Pick<ChangeListeners, 'add'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const noWorkers: WorkersPart = { checks: [], mainServer: {}, components: () => [], address: () => undefined };

/** Creates `count` gateway workers for a process, or none if `count` is 0. */
export function createWorkersPart(config: Config, count: number, deps: WorkersDeps): WorkersPart {
  if (count === 0) return noWorkers;
  const { changeListeners, journal, limiter, outcomes, logger, metrics } = deps;
  const secret = generateRandomSecret();
  const workers = createGatewayWorkers(count, { journal, limiter, outcomes, logger });
  changeListeners.add(workers.refresh);
  addGauge(metrics.registry, 'watmeter_gateway_workers', 'Gateway workers that are ready', workers.ready);
  // OPENED_TOKENS_LIMIT is the memory limit of all workers together.
  const openedTokensLimit = Math.floor(config.openedTokensLimit / count);
  const start = (port: number): StartWorker => ({
    kind: 'start',
    config: { ...config, openedTokensLimit },
    proxyTarget: { port, secret },
  });
  return {
    checks: [workers.check],
    mainServer: { host: '127.0.0.1', port: 0, proxySecret: secret },
    components: (http) => [
      { name: 'gateway workers', start: () => workers.start(start(http.port())), stop: workers.stop },
    ],
    address: workers.address,
  };
}
