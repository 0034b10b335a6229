import {
  type Inspection,
  type IntegrityDeps,
  inspect,
} from '../../../../consumers/recovery/integrity/check.ts';
import type { IntegrityReport } from '../../../../consumers/recovery/integrity/model/report.ts';
import { createClickHouseIntegrityStore } from '../../../../consumers/recovery/integrity/store/clickhouse-integrity-store.ts';
import { acceptedOf } from '../../../../consumers/recovery/repair/accepted-events.ts';
import type { RepairDeps } from '../../../../consumers/recovery/repair/repair.ts';
import { repairUntilDone } from '../../../../consumers/recovery/repair/repair-loop.ts';
import { planRepair, type RepairPlan } from '../../../../consumers/recovery/repair/repair-plan.ts';
import { createAuditLog } from '../../../access/audit/audit.ts';
import type { Config } from '../../../app/config.ts';
import { openControlStore } from '../../../app/stores/control-store.ts';
import { systemClock } from '../../../platform/clock.ts';
import { failpointOf } from '../../../platform/failpoints.ts';
import { planLines, reportLines } from '../../output/integrity-text.ts';
import type { CommandContext } from '../../support/command-context.ts';
import { type ExitCode, exitCodes } from '../../support/command-failure.ts';
import { commandLineActor, openJournals, withEventTables } from '../../support/event-tables.ts';
import { loadSettings } from '../../support/settings.ts';
import { integrityConnection } from './verify.ts';

export interface RepairOptions {
  readonly journal?: readonly string[];
  readonly yes?: true;
}

/** Prints the repair plan and applies it after confirmation. Fails unless the tables are exact after the repair. */
export async function repair(context: CommandContext, options: RepairOptions): Promise<ExitCode> {
  const config = loadSettings(context);
  return withStores(config, context, options.journal ?? [], async (deps) => {
    const inspection = await inspect(deps, 'full', context.showProgress);
    const plan = planRepair(inspection, await acceptedOf(inspection, deps));
    for (const line of [...reportLines(inspection.report), '', ...planLines(plan)]) context.print(line);
    if (plan.remove.length === 0 && plan.fill.length === 0) return exitCodeOf(inspection.report);
    if (!options.yes && (await context.ask?.('Apply this plan? Type yes: '))?.trim() !== 'yes') {
      context.print('No data was changed. Run the command again with --yes to apply this plan.');
      return exitCodes.failed;
    }
    return carryOutPlan(plan, inspection, { config, deps, context });
  });
}

type Deps = IntegrityDeps & RepairDeps;

async function withStores(
  config: Config,
  context: CommandContext,
  directories: readonly string[],
  work: (deps: Deps) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { journals, close } = openJournals(config, directories);
  try {
    return await withEventTables(config, context, (tables) =>
      work({
        store: createClickHouseIntegrityStore(integrityConnection(tables)),
        hold: tables.hold,
        journals,
        clock: systemClock,
        isReadBySink: config.kafkaBrokers === undefined,
        failpoint: failpointOf(config),
      }),
    );
  } finally {
    await close();
  }
}

async function carryOutPlan(
  plan: RepairPlan,
  inspection: Inspection,
  { config, deps, context }: { config: Config; deps: Deps; context: CommandContext },
): Promise<ExitCode> {
  const { control } = await openControlStore(config, { clock: systemClock });
  try {
    const audit = createAuditLog(control, systemClock);
    const { report } = await repairUntilDone(plan, inspection, {
      ...deps,
      onProgress: context.showProgress,
      async attempt(attempted, work) {
        context.showProgress('repairing');
        await audit.around({ ...auditEntry(), details: detailsOf(attempted) }, async () => ({
          ...(await work()),
        }));
      },
    });
    for (const line of ['', 'After the repair:', ...reportLines(report)]) context.print(line);
    return exitCodeOf(report);
  } finally {
    await control.destroy();
  }
}

function exitCodeOf({ exact }: IntegrityReport): ExitCode {
  return exact ? exitCodes.done : exitCodes.failed;
}

function auditEntry() {
  return { actor: commandLineActor(), action: 'integrity.repair', target: 'session_events' };
}

const mostInDetails = 1000;

function detailsOf({ remove, fill }: RepairPlan) {
  return {
    remove: remove
      .slice(0, mostInDetails)
      .map(({ event: { producer, partition, sequence }, month, part, offset }) => ({
        ...{ producer, partition, sequence, month, part, offset },
      })),
    fill: fill.slice(0, mostInDetails),
    isCutShort: Math.max(remove.length, fill.length) > mostInDetails,
  };
}
