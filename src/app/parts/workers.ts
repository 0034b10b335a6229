import type { Config } from '../../config/settings.ts';
import { makeSecret } from '../../platform/crypto/secrets.ts';
import type { Component } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/logger.ts';
import { addGauge, type Metrics } from '../../platform/metrics.ts';
import type { Control } from '../control.ts';
import type { createHttp, HttpConfig } from '../http.ts';
import { createGatewayWorkers } from '../workers/gateway-workers.ts';
import type { WorkerLinkDeps } from '../workers/ipc-server.ts';
import type { StartWorker } from '../workers/messages.ts';
import type { Part } from './part.ts';

export interface WorkersPart extends Pick<Part, 'checks'> {
  /** Where this process takes what the workers hand over: they listen in its place. */
  readonly behind: Pick<HttpConfig, 'host' | 'port' | 'handedOverBy'>;
  /** The workers, which start after the server that they hand over to, and stop before it. */
  before(http: Pick<Awaited<ReturnType<typeof createHttp>>, 'port'>): Component;
  address(): string;
}

export interface WorkersDeps extends Omit<WorkerLinkDeps, 'send'> {
  readonly control: Control;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export function createWorkersPart(config: Config, count: number, deps: WorkersDeps): WorkersPart {
  const secret = makeSecret();
  const workers = createGatewayWorkers(count, deps);
  deps.control.followers.add(workers.look);
  addGauge(
    deps.metrics.registry,
    'watmeter_gateway_workers',
    'Gateway workers that are ready',
    workers.ready,
  );
  // The memory for tokens is that of all of them together.
  const openedTokensLimit = Math.floor(config.openedTokensLimit / count);
  return {
    behind: { host: '127.0.0.1', port: 0, handedOverBy: secret },
    checks: [workers.check],
    address: workers.address,
    before: (http) => ({
      name: 'gateway workers',
      start() {
        const handOverTo = { port: http.port(), secret };
        const start: StartWorker = { kind: 'start', config: { ...config, openedTokensLimit }, handOverTo };
        return workers.start(start);
      },
      stop: workers.stop,
    }),
  };
}
