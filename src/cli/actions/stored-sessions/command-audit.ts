import { type AuditLog, createAuditLog } from '../../../access/audit/audit.ts';
import type { Config } from '../../../app/config.ts';
import { openControlStore } from '../../../app/stores/control-store.ts';
import { systemClock } from '../../../platform/clock.ts';
import type { ExitCode } from '../../support/command-failure.ts';

/** Opens the audit log, runs `work` and closes the audit log. For commands that change stored events. */
export async function withAudit<T = ExitCode>(
  config: Config,
  work: (audit: AuditLog) => Promise<T>,
): Promise<T> {
  const { control } = await openControlStore(config, { clock: systemClock });
  try {
    return await work(createAuditLog(control, systemClock));
  } finally {
    await control.destroy();
  }
}
