import { availableParallelism } from 'node:os';
import type { GatewayMetrics } from '../../gateway/declarations/metrics.ts';
import { createOutcomes } from '../../gateway/exchange/outcome-counts.ts';
import type { Outcomes } from '../../gateway/exchange/outcomes.ts';
import { createRefusalLimiter } from '../../gateway/exchange/refusal-limiter.ts';
import { createGateway, type GatewayDeps } from '../../gateway/gateway.ts';
import { createGatewayRoutes } from '../../gateway/routes.ts';
import type { JournalAppender } from '../../journal/log/journal.ts';
import type { Followers } from '../../platform/background/change-listeners.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Sealer } from '../../platform/crypto/sealing.ts';
import type { RegisterRoutes } from '../../platform/http/routes/register-routes.ts';
import type { Component } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Metrics } from '../../platform/metrics.ts';
import type { ControlStore } from '../../platform/sql/control-store.ts';
import { createOpeningPool } from '../../tokens/opening/decrypt-pool.ts';
import type { Opening } from '../../tokens/opening/decrypter.ts';
import { createOpeningInTurns } from '../../tokens/opening/inline-decrypter.ts';
import type { Tokens } from '../../tokens/tokens.ts';
import type { Config } from '../config.ts';
import type { ControlTables } from '../declared.ts';
import { workersOf } from '../workers/count.ts';
import { createWorkersPart, type WorkersPart } from './workers.ts';

export interface GatewayPart {
  readonly routes: RegisterRoutes;
  readonly components: readonly Component[];
  /** The processes that answer the gateway's clients in place of this one; none of them by default. */
  readonly workers: WorkersPart;
}

export interface GatewayPartDeps {
  readonly control: ControlStore<ControlTables>;
  readonly sealer: Sealer;
  readonly followers: Pick<Followers, 'add'>;
  readonly tokens: Pick<Tokens, 'keyring' | 'revocations'>;
  readonly viewerKeyOf: GatewayDeps['viewerKeyOf'];
  readonly noteRefusal: Outcomes['noteRefusal'];
  readonly journal: JournalAppender;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics & GatewayMetrics;
}

/** Returns the gateway of a process that keeps the journal, and the gateway's workers. */
export async function createGatewayPart(config: Config, deps: GatewayPartDeps): Promise<GatewayPart> {
  const { control, sealer, followers, tokens, viewerKeyOf, noteRefusal, journal } = deps;
  const { clock, logger, metrics } = deps;
  const { keyring, revocations } = tokens;
  const cores = availableParallelism();
  const workerCount = workersOf(config, cores);
  const outcomes = createOutcomes({ metrics, noteRefusal });
  const limiter = createRefusalLimiter(() => performance.now());
  const { opening, components } = createDecryption(workerCount === 0 ? cores : 0);
  const gateway = await createGateway(config, {
    ...{ control, sealer, keyring, revocations, viewerKeyOf, opening, journal, clock, logger },
  });
  return {
    routes: createGatewayRoutes(config, { gateway, outcomes, limiter, clock, logger }),
    components: [...components, ...gateway.components],
    workers: createWorkersPart(config, workerCount, {
      ...{ followers, journal, limiter, outcomes, logger, metrics },
    }),
  };
}

/** Workers leave next to no token for this process to open: then it needs no threads. */
function createDecryption(threads: number): { opening: Opening; components: Component[] } {
  if (threads === 0) return { opening: createOpeningInTurns(), components: [] };
  const opening = createOpeningPool({ threads });
  return { opening, components: [{ name: 'opening threads', stop: opening.close }] };
}
