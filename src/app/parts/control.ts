import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { type Access, addAccessGauges, createAccess } from '../../access/access.ts';
import { flushAccessRecords, watchOrganisations } from '../../access/components.ts';
import { createOrganisations, type Organisations } from '../../access/organisations/organisations.ts';
import { createAccessHooks, createOperatorCheck } from '../../access/routes.ts';
import { type ChangeListeners, createChangeListeners } from '../../platform/background/change-listeners.ts';
import type { Clock } from '../../platform/clock.ts';
import { findExposedFiles } from '../../platform/files/data-directory.ts';
import type { RegisterRoutes } from '../../platform/http/routes/register-routes.ts';
import type { Component } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Metrics } from '../../platform/metrics.ts';
import { createDependencyProbe } from '../../platform/readiness/dependency-probe.ts';
import type { ReadinessCheck } from '../../platform/readiness/readiness-check.ts';
import { cleanUpTokens, watchTokenChanges } from '../../tokens/components.ts';
import { createTokens, type Tokens } from '../../tokens/tokens.ts';
import { actionOf } from '../audited-actions.ts';
import type { Config } from '../config.ts';
import { dataPaths } from '../data-paths.ts';
import { type ControlStoreConfig, type OpenControlStore, openControlStore } from '../stores/control-store.ts';
import { createAuditOwner } from './audit-owner.ts';

export type ControlConfig = ControlStoreConfig & Pick<Config, 'adminToken'>;

export interface ControlServices extends OpenControlStore {
  /**
   * Listeners, such as the gateway workers, that reread the store when the API changes it. The API waits for them
   * before it responds.
   */
  readonly changeListeners: ChangeListeners;
  readonly organisations: Organisations;
  readonly tokens: Tokens;
  readonly access: Access;
}

/** Opens the control store, and creates the domain services that store data in it. */
export async function openControlServices(config: ControlConfig, clock: Clock): Promise<ControlServices> {
  const { control, sealer } = await openControlStore(config, { clock });
  try {
    const changeListeners = createChangeListeners();
    const organisations = await createOrganisations({ control, sealer, clock });
    const tokens = await createTokens({ control, sealer, changeListeners, clock });
    const { requireConfigurations } = tokens;
    const access = createAccess(config, { control, clock, requireConfigurations });
    return { control, sealer, changeListeners, organisations, tokens, access };
  } catch (error) {
    await control.destroy();
    throw error;
  }
}

export interface ControlPart extends ControlServices {
  readonly components: readonly Component[];
  readonly checks: readonly ReadinessCheck[];
  /** The access guard and the audit hook. Register them before the routes that they cover. */
  readonly hooks: RegisterRoutes;
  /** Returns whether a request has the scope `ops`. */
  readonly mayOperate: (request: FastifyRequest) => Promise<boolean>;
}

/** Logs a warning if other users of this machine can read the secrets in the data directory. */
function warnOfExposedSecrets(dataDir: string, logger: Logger): void {
  const { masterKey, adminToken } = dataPaths(dataDir);
  for (const file of findExposedFiles([masterKey, adminToken]))
    logger.warn({ file }, 'other users of this machine can access a secret: run chmod 600 on the file');
}

export interface ControlPartDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Creates the control services of a process, and the components that refresh their caches and delete old data. */
export async function createControlPart(
  config: ControlConfig & Pick<Config, 'publicUrl'>,
  deps: ControlPartDeps,
): Promise<ControlPart> {
  const { clock, logger, metrics } = deps;
  warnOfExposedSecrets(config.dataDir, logger);
  const services = await openControlServices(config, clock);
  const { control, organisations, tokens, access } = services;
  const organisationOf = createAuditOwner({ control, configurationStore: tokens.configurationStore });
  addAccessGauges(metrics, access);
  const ask = () => sql`SELECT 1`.execute(control);
  const probe = createDependencyProbe({ name: 'control store' }, { ask, logger });
  return {
    ...services,
    hooks: createAccessHooks(config, { access, logger, actionOf, organisationOf }),
    mayOperate: createOperatorCheck(config, access),
    checks: [probe.check],
    components: [
      { name: 'control store', stop: () => control.destroy() },
      probe.component,
      ...flushAccessRecords(access, logger),
      watchOrganisations(organisations, logger),
      ...watchTokenChanges(tokens, logger),
      ...cleanUpTokens({ tokens, clock, logger }),
    ],
  };
}
