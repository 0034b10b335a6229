import { watchOrganisations } from '../../access/components.ts';
import { createOrganisations } from '../../access/organisations/organisations.ts';
import { createGateway } from '../../gateway/gateway.ts';
import { createGatewayRoutes } from '../../gateway/routes.ts';
import { createChangeListeners } from '../../platform/background/change-listeners.ts';
import { systemClock } from '../../platform/clock.ts';
import { wrapRequests } from '../../platform/http/proxied-requests.ts';
import { createWorkerProxy } from '../../platform/http/worker-proxy.ts';
import { createLifecycle } from '../../platform/lifecycle.ts';
import { createLogger } from '../../platform/logger.ts';
import { dropPurgedRevocations, watchTokenChanges } from '../../tokens/components.ts';
import { createInlineDecrypter } from '../../tokens/opening/inline-decrypter.ts';
import { createTokens } from '../../tokens/tokens.ts';
import { createHttp } from '../http.ts';
import { createMetrics } from '../metrics.ts';
import { openControlStore } from '../stores/control-store.ts';
import { isWorkerTarget } from './gateway-paths.ts';
import { createMainLink } from './ipc-client.ts';
import type { FromMain, FromWorker, StartWorker } from './messages.ts';

export interface WorkerApp {
  start(): Promise<void>;
  /** Returns the URL at which the worker accepts connections. Call it only after `start`. */
  address(): string;
  take(message: FromMain): void;
}

export interface WorkerAppDeps {
  send(message: FromWorker): void;
  /** Called with the last message when the worker has stopped. */
  ended(lastMessage: FromWorker): void;
}

/**
 * Creates the gateway of one worker. It has the same components as the gateway of a process without workers, except
 * for the journal, which is in the main process.
 */
export async function createWorkerApp(
  { config, proxyTarget }: StartWorker,
  { send, ended }: WorkerAppDeps,
): Promise<WorkerApp> {
  const logger = createLogger(config);
  const clock = systemClock;
  const { control, sealer } = await openControlStore(config, { clock });
  const organisations = await createOrganisations({ control, sealer, clock });
  const { keyring, revocations, endSession } = await createTokens({
    control,
    sealer,
    changeListeners: createChangeListeners(),
    clock,
  });

  const refresh = () => refreshAll([keyring.refresh, organisations.refresh, revocations.refresh]);
  const { journal, limiter, outcomes, take, drain } = createMainLink({
    send,
    refresh,
    stop: () => void stop(),
  });
  const gateway = await createGateway(config, {
    ...{ control, sealer, keyring, revocations, endSession, viewerKeyOf: organisations.viewerKeyOf },
    ...{ decrypter: createInlineDecrypter(), journal, clock, logger },
  });
  const routes = [createGatewayRoutes(config, { gateway, outcomes, limiter, clock, logger })];
  const http = await createHttp(config, { logger, metrics: createMetrics(), clock, checks: [], routes });
  const proxy = createWorkerProxy(proxyTarget);
  let isStopping = false;
  wrapRequests(http.server.server, (answer) => (request, response) => {
    // While the worker stops, its own server responds to all requests, with the error `stopping`.
    if (isStopping || isWorkerTarget(request.url ?? '')) answer(request, response);
    else proxy.handle(request, response);
  });

  const components = [
    { name: 'control store', stop: () => control.destroy() },
    { name: 'worker proxy', stop: proxy.close },
    watchOrganisations(organisations, logger),
    ...watchTokenChanges({ keyring, revocations }, logger),
    dropPurgedRevocations(revocations, logger),
    http,
  ];
  const lifecycle = createLifecycle(components, logger);

  async function stop(): Promise<void> {
    isStopping = true;
    await lifecycle.stop();
    ended(drain());
  }

  return { start: lifecycle.start, address: http.address, take };
}

/** Resolves when all caches have read the store. If a cache fails, its periodic task logs the failure and retries. */
async function refreshAll(refreshes: readonly (() => Promise<void>)[]): Promise<void> {
  await Promise.allSettled(refreshes.map((refresh) => refresh()));
}
