import { addGauge, type Metrics } from '../platform/metrics.ts';
import { type ApiTokenChangesDeps, createApiTokenChanges } from './api-tokens/api-token-changes.ts';
import { createApiTokenLog } from './api-tokens/api-token-log.ts';
import { createApiTokens } from './api-tokens/api-tokens.ts';
import { createAuditLog } from './audit/audit.ts';
import { createAuditBuffer } from './audit/audit-buffer.ts';
import { createRefusalCounts } from './audit/refusal-counts.ts';
import { createFailedAttempts } from './sign-in/failed-attempts.ts';
import { createUiSessions } from './sign-in/ui-sessions.ts';

export interface AccessConfig {
  /** The administrator token from the setting ADMIN_TOKEN, if it is set. */
  readonly adminToken: string | undefined;
}

export type AccessDeps = Omit<ApiTokenChangesDeps, 'log'>;

export type Access = ReturnType<typeof createAccess>;

/** Creates the services for API tokens, dashboard sessions, the token log, the audit log and refusal counts. */
export function createAccess({ adminToken }: AccessConfig, deps: AccessDeps) {
  const { control, clock, requireConfigurations } = deps;
  const tokenLog = createApiTokenLog({ control, clock });
  const tokens = createApiTokens({ control, clock, log: tokenLog, adminToken });
  const audit = createAuditLog(control, clock);
  return {
    tokens,
    tokenLog,
    tokenChanges: createApiTokenChanges({ control, log: tokenLog, clock, requireConfigurations }),
    failedAttempts: createFailedAttempts(() => performance.now()),
    uiSessions: createUiSessions({ control, tokens, clock }),
    audit,
    auditBuffer: createAuditBuffer({ audit, clock }),
    refusals: createRefusalCounts({ control, clock }),
  };
}

/** Adds a gauge that counts the authentications missing from the token log. */
export function addAccessGauges({ registry }: Metrics, { tokenLog }: Pick<Access, 'tokenLog'>): void {
  addGauge(
    registry,
    'watmeter_unlogged_authentications',
    'Authentications that are missing in the log of API tokens: too many at once',
    tokenLog.dropped,
  );
}
