import type { FastifyRequest } from 'fastify';
import type { Clock } from '../platform/clock.ts';
import type { RegisterRoutes } from '../platform/http/routes/register-routes.ts';
import type { Logger } from '../platform/logger.ts';
import type { Access } from './access.ts';
import { registerApiTokenRoutes } from './api-tokens/api-token-routes.ts';
import { type AuditHookDeps, registerAuditHook } from './audit/audit-hook.ts';
import { registerAuditRoutes } from './audit/audit-routes.ts';
import type { AccessStore } from './declarations/tables.ts';
import { type GuardDeps, identify, registerGuard } from './guard/guard.ts';
import { registerOrganisationRoutes } from './organisations/organisation-routes.ts';
import type { Organisations } from './organisations/organisations.ts';
import { registerUiSessionRoutes } from './sign-in/sign-in-routes.ts';

export interface AccessHttpConfig {
  readonly publicUrl: string | undefined;
}

export interface AccessHooksDeps extends Pick<AuditHookDeps, 'actionOf' | 'organisationOf'> {
  readonly access: Pick<Access, 'tokens' | 'uiSessions' | 'failedAttempts' | 'audit' | 'auditBuffer'>;
  readonly logger: Logger;
}

/**
 * Returns a function that registers the guard and the audit hook. Both apply only to routes that are registered
 * later.
 */
export function createAccessHooks(
  { publicUrl }: AccessHttpConfig,
  { access, logger, actionOf, organisationOf }: AccessHooksDeps,
): RegisterRoutes {
  const { tokens, uiSessions, failedAttempts, audit, auditBuffer } = access;
  return (server) => {
    registerGuard(server, { tokens, uiSessions, failedAttempts, publicUrl });
    registerAuditHook(server, { audit, auditBuffer, logger, actionOf, organisationOf });
  };
}

export interface AccessRoutesDeps {
  readonly control: AccessStore;
  readonly access: Access;
  readonly organisations: Organisations;
  readonly clock: Clock;
}

/** Returns a function that registers the routes for dashboard sign-in, API tokens, organisations and the audit log. */
export function createAccessRoutes(
  { publicUrl }: AccessHttpConfig,
  { control, access, organisations, clock }: AccessRoutesDeps,
): RegisterRoutes {
  const { uiSessions, failedAttempts, tokenChanges, tokenLog, audit, auditBuffer, refusals } = access;
  return (server) => {
    registerUiSessionRoutes(server, { uiSessions, failedAttempts, publicUrl });
    registerApiTokenRoutes(server, { store: control, tokenChanges, tokenLog, clock });
    registerOrganisationRoutes(server, organisations);
    registerAuditRoutes(server, { audit, auditBuffer, refusals });
  };
}

/**
 * Creates a check for the scope `ops`. Health routes must respond even without the control store, so the check
 * returns false if the API token cannot be read.
 */
export function createOperatorCheck(
  { publicUrl }: AccessHttpConfig,
  { tokens, uiSessions, failedAttempts }: Omit<GuardDeps, 'publicUrl'>,
): (request: FastifyRequest) => Promise<boolean> {
  return async (request) => {
    const principal = await identify(request, { tokens, uiSessions, failedAttempts, publicUrl }).catch(
      () => undefined,
    );
    return principal?.scopes.includes('ops') ?? false;
  };
}
