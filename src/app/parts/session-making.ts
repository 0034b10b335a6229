import { availableParallelism } from 'node:os';
import type { Config } from '../../config/settings.ts';
import type { Component } from '../../platform/lifecycle.ts';
import { createOpeningPool } from '../../tokens/opening/decrypt-pool.ts';
import { createOpeningInTurns } from '../../tokens/opening/inline-decrypter.ts';
import type { Control } from '../control.ts';
import { workersOf } from '../workers/count.ts';
import { createGatewayPart, type GatewayPart } from './gateway.ts';
import { createJournalPart, type JournalPart } from './journal.ts';
import type { PartDeps } from './part.ts';
import { createWorkersPart, type WorkersDeps, type WorkersPart } from './workers.ts';

export interface SessionMaking {
  readonly journal: JournalPart;
  readonly gateway: GatewayPart;
  /** Who answers the gateway's clients, where this process does not. */
  readonly workers: WorkersPart | undefined;
}

type SessionMakingDeps = PartDeps & { readonly control: Control } & Pick<WorkersDeps, 'limiter' | 'outcomes'>;

/** What makes sessions and counts them: the journal, the gateway before it, and its workers. */
export async function createSessionMaking(config: Config, deps: SessionMakingDeps): Promise<SessionMaking> {
  const cores = availableParallelism();
  const count = workersOf(config, cores);
  const journal = await createJournalPart(config, deps);
  const jointDeps = { ...deps, journal: journal.journal };
  // Workers leave next to no token for this process to open.
  const opening = count === 0 ? createOpeningPool({ threads: cores }) : undefined;
  const gateway = await createGatewayPart(config, {
    ...jointDeps,
    opening: opening ?? createOpeningInTurns(),
  });
  const threads: Component[] = opening ? [{ name: 'opening threads', stop: opening.close }] : [];
  return {
    journal,
    gateway: { ...gateway, components: [...threads, ...gateway.components] },
    workers: count === 0 ? undefined : createWorkersPart(config, count, jointDeps),
  };
}
