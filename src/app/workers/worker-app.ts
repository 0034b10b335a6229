import { systemClock } from '../../platform/clock.ts';
import { noFailpoints } from '../../platform/failpoints.ts';
import { wrapRequests } from '../../platform/http/proxied-requests.ts';
import { createHandOver } from '../../platform/http/worker-proxy.ts';
import { type Component, createLifecycle } from '../../platform/lifecycle.ts';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createOpeningInTurns } from '../../tokens/opening/inline-decrypter.ts';
import { type Control, openControl } from '../control.ts';
import { createHttp } from '../http.ts';
import { followsOf, purgeMs } from '../parts/control-parts.ts';
import { createGatewayPart } from '../parts/gateway.ts';
import { createWatch } from '../watch.ts';
import { isOwnTarget } from './gateway-paths.ts';
import { createMainLink } from './ipc-client.ts';
import type { FromMain, FromWorker, StartWorker } from './messages.ts';

export interface WorkerApp {
  start(): Promise<void>;
  /** Where it takes connections, as a URL; only after `start`. */
  address(): string;
  take(message: FromMain): void;
}

export interface WorkerAppDeps {
  send(message: FromWorker): void;
  /** After it was told to stop, and has: with what is still to be told. */
  ended(lastWords: FromWorker): void;
}

/** The gateway of one worker: the same parts as in a process that does everything, with the journal in another one. */
export async function createWorkerApp(
  { config, handOverTo }: StartWorker,
  { send, ended }: WorkerAppDeps,
): Promise<WorkerApp> {
  const logger = createLogger(config);
  const clock = systemClock;
  const control = await openControl(config, clock);
  const link = createMainLink({ send, look: () => lookAt(control), stop: () => void stop() });
  const deps = { logger, clock, failpoint: noFailpoints, metrics: createMetrics(), control };
  const gateway = await createGatewayPart(config, { ...deps, ...link, opening: createOpeningInTurns() });
  const http = await createHttp(config, {
    ...{ ...deps, ...link, gateway, checks: [], stalled: () => undefined },
    ...{ control: undefined, usage: undefined, integrity: undefined },
  });
  const handOver = createHandOver(handOverTo);
  let isStopping = false;
  wrapRequests(http.server.server, (answer) => (request, response) => {
    // While it stops, the server's own answer says so.
    if (isStopping || isOwnTarget(request.url ?? '')) answer(request, response);
    else handOver.handle(request, response);
  });

  const components: Component[] = [
    { name: 'control store', stop: () => control.store.destroy() },
    { name: 'handing over', stop: handOver.close },
    ...followsOf(control, logger),
    // What the main process has removed from the store is forgotten here, too.
    createWatch('old revocations', purgeMs, control.revocations.reload, logger),
    http,
  ];
  const lifecycle = createLifecycle(components, logger);

  async function stop(): Promise<void> {
    isStopping = true;
    await lifecycle.stop();
    ended(link.drain());
  }

  return { start: lifecycle.start, address: http.address, take: link.take };
}

/** What cannot be read now is read by the watches, which say what fails. */
async function lookAt({ keyring, organisations, revocations }: Control): Promise<void> {
  await Promise.allSettled([keyring.refresh(), organisations.refresh(), revocations.refresh()]);
}
