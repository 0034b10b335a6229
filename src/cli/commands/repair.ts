import { parseArgs } from 'node:util';
import { type IntegrityDeps, inspect } from '../../../consumers/recovery/integrity/check.ts';
import { createClickHouseIntegrityStore } from '../../../consumers/recovery/integrity/store/clickhouse-integrity-store.ts';
import { acceptedOf, type RepairDeps } from '../../../consumers/recovery/repair/repair.ts';
import { repairWhole } from '../../../consumers/recovery/repair/repair-loop.ts';
import { planRepair, type RepairPlan } from '../../../consumers/recovery/repair/repair-plan.ts';
import { createAuditLog } from '../../access/audit/audit.ts';
import { failpointOf } from '../../app/assemble.ts';
import { openControl } from '../../app/control.ts';
import type { Config } from '../../config/settings.ts';
import { describeStoreError } from '../../platform/clickhouse/errors.ts';
import { systemClock } from '../../platform/clock.ts';
import { planLines, reportLines } from '../output/integrity-text.ts';
import type { Command, CommandContext } from '../support/command.ts';
import { commandLineActor, openEventTables, openJournals } from '../support/event-tables.ts';
import { loadConfig } from './config-check.ts';
import { integrityConnection } from './verify.ts';

export const repair: Command = {
  name: 'repair',
  usage: 'watmeter repair [--journal DIR]... [--yes]',
  summary:
    'show what would make the table exact again: rows to remove, events to store from the journals; does it with --yes, or when asked on a terminal. Exit code 0: exact now, 1: not, 2: could not be done',
  async run(context) {
    try {
      const { values } = parseArgs({
        args: [...context.args],
        options: { journal: { type: 'string', multiple: true }, yes: { type: 'boolean' } },
      });
      const config = loadConfig(context);
      if (config === undefined) return 2;
      return await withStores(config, values.journal ?? [], (deps) =>
        showAndMend(config, deps, context, values.yes === true),
      );
    } catch (error) {
      context.printError(`watmeter repair: ${describeStoreError(error)}`);
      return 2;
    }
  },
};

type Deps = IntegrityDeps & RepairDeps;

async function withStores(
  config: Config,
  directories: readonly string[],
  work: (deps: Deps) => Promise<number>,
): Promise<number> {
  const { journals, close } = openJournals(config, directories);
  const tables = await openEventTables(config);
  try {
    return await work({
      store: createClickHouseIntegrityStore(integrityConnection(tables)),
      hold: tables.hold,
      journals,
      clock: systemClock,
      isStoredWhenGone: config.kafkaBrokers === undefined,
      failpoint: failpointOf(config),
    });
  } finally {
    await tables.close();
    await close();
  }
}

async function showAndMend(
  config: Config,
  deps: Deps,
  context: CommandContext,
  yes: boolean,
): Promise<number> {
  const inspection = await inspect(deps, 'full', context.printError);
  const plan = planRepair(inspection, await acceptedOf(inspection, deps.journals));
  for (const line of [...reportLines(inspection.report), '', ...planLines(plan)]) context.print(line);
  if (plan.remove.length === 0 && plan.fill.length === 0) return inspection.report.exact ? 0 : 1;
  if (!yes && (await context.ask?.('Do this? Type yes: '))?.trim() !== 'yes') {
    context.print('Nothing was changed. Run it again with --yes to do this.');
    return 1;
  }
  const control = await openControl(config, systemClock);
  try {
    const audit = createAuditLog(control.store, systemClock);
    const { report } = await repairWhole(plan, inspection, {
      ...deps,
      onProgress: context.printError,
      async attempt(attempted, work) {
        await audit.around({ ...auditEntry(), details: detailsOf(attempted) }, async () => ({
          ...(await work()),
        }));
      },
    });
    for (const line of ['', 'After the repair:', ...reportLines(report)]) context.print(line);
    return report.exact ? 0 : 1;
  } finally {
    await control.store.destroy();
  }
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
