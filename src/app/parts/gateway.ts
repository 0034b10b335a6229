import { availableParallelism } from 'node:os';
import type { GatewayMetrics } from '../../gateway/declarations/metrics.ts';
import { createOutcomes } from '../../gateway/exchange/outcome-counts.ts';
import type { Outcomes } from '../../gateway/exchange/outcomes.ts';
import { createRefusalLimiter } from '../../gateway/exchange/refusal-limiter.ts';
import { createGateway, type GatewayDeps } from '../../gateway/gateway.ts';
import { createGatewayRoutes } from '../../gateway/routes.ts';
import type { JournalAppender } from '../../journal/log/journal.ts';
import type { ChangeListeners } from '../../platform/background/change-listeners.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Sealer } from '../../platform/crypto/sealing.ts';
import type { RegisterRoutes } from '../../platform/http/routes/register-routes.ts';
import type { Component } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Metrics } from '../../platform/metrics.ts';
import type { ControlStore } from '../../platform/sql/control-store.ts';
import { createDecryptPool } from '../../tokens/opening/decrypt-pool.ts';
import type { Decrypter } from '../../tokens/opening/decrypter.ts';
import { createInlineDecrypter } from '../../tokens/opening/inline-decrypter.ts';
import type { Tokens } from '../../tokens/tokens.ts';
import type { Config } from '../config.ts';
import type { ControlTables } from '../declared.ts';
import { workerCountFor } from '../workers/count.ts';
import { createWorkersPart, type WorkersPart } from './workers.ts';

export interface GatewayPart {
  readonly routes: RegisterRoutes;
  readonly components: readonly Component[];
  /** Worker processes that handle the gateway's requests. By default there are none. */
  readonly workers: WorkersPart;
}

export interface GatewayPartDeps {
  readonly control: ControlStore<ControlTables>;
  readonly sealer: Sealer;
  readonly changeListeners: Pick<ChangeListeners, 'add'>;
  readonly tokens: Pick<Tokens, 'keyring' | 'revocations' | 'endSession'>;
  readonly viewerKeyOf: GatewayDeps['viewerKeyOf'];
  readonly noteRefusal: Outcomes['noteRefusal'];
  readonly journal: JournalAppender;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics & GatewayMetrics;
}

/** Creates the gateway of the process that owns the journal, and the gateway's worker processes. */
export async function createGatewayPart(config: Config, deps: GatewayPartDeps): Promise<GatewayPart> {
  const { control, sealer, changeListeners, tokens, viewerKeyOf, noteRefusal, journal } = deps;
  const { clock, logger, metrics } = deps;
  const { keyring, revocations, endSession } = tokens;
  const cores = availableParallelism();
  const workerCount = workerCountFor(config, cores);
  const outcomes = createOutcomes({ metrics, noteRefusal });
  const limiter = createRefusalLimiter(() => performance.now());
  const { decrypter, components } = createDecryption(workerCount === 0 ? cores : 0);
  const gateway = await createGateway(config, {
    endSession,
    ...{ control, sealer, keyring, revocations, viewerKeyOf, decrypter, journal, clock, logger },
  });
  return {
    routes: createGatewayRoutes(config, { gateway, outcomes, limiter, clock, logger }),
    components: [...components, ...gateway.components],
    workers: createWorkersPart(config, workerCount, {
      ...{ changeListeners, journal, limiter, outcomes, logger, metrics },
    }),
  };
}

/**
 * Creates the decrypter of the main process. If there are gateway workers, they decrypt the tokens, and the main
 * process needs no threads.
 */
function createDecryption(threads: number): { decrypter: Decrypter; components: Component[] } {
  if (threads === 0) return { decrypter: createInlineDecrypter(), components: [] };
  const decrypter = createDecryptPool({ threads });
  return { decrypter, components: [{ name: 'decryption threads', stop: decrypter.close }] };
}
