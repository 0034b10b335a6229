import { parseArgs } from 'node:util';
import { inspect } from '../../../consumers/recovery/integrity/check.ts';
import {
  createClickHouseIntegrityStore,
  type IntegrityConnection,
} from '../../../consumers/recovery/integrity/store/clickhouse-integrity-store.ts';
import type { Config } from '../../config/settings.ts';
import { describeStoreError } from '../../platform/clickhouse/errors.ts';
import { systemClock } from '../../platform/clock.ts';
import { reportLines } from '../output/integrity-text.ts';
import type { Command, CommandContext } from '../support/command.ts';
import { type EventTables, openEventTables, openJournals } from '../support/event-tables.ts';
import { loadConfig } from './config-check.ts';

export const verify: Command = {
  name: 'verify',
  usage: 'watmeter verify [--journal DIR]... [--quick] [--json]',
  summary:
    'compare what was accepted, stored and counted, and name every hole and surplus; exit code 0: exact, 1: not, 2: could not be checked. DIR is a data directory whose gateway may run; --quick asks the ledger only',
  async run(context) {
    try {
      const { values } = parseArgs({
        args: [...context.args],
        options: {
          journal: { type: 'string', multiple: true },
          quick: { type: 'boolean' },
          json: { type: 'boolean' },
        },
      });
      const config = loadConfig(context);
      if (config === undefined) return 2;
      return await check(config, context, values);
    } catch (error) {
      context.printError(`watmeter verify: ${describeStoreError(error)}`);
      return 2;
    }
  },
};

async function check(
  config: Config,
  { print, printError }: CommandContext,
  options: { journal?: string[]; quick?: boolean; json?: boolean },
): Promise<number> {
  const journals = openJournals(config, options.journal ?? []);
  const tables = await openEventTables(config);
  try {
    const store = createClickHouseIntegrityStore(integrityConnection(tables));
    const { report } = await inspect(
      {
        store,
        journals: journals.journals,
        clock: systemClock,
        isStoredWhenGone: config.kafkaBrokers === undefined,
      },
      options.quick ? 'ledger' : 'full',
      printError,
    );
    for (const line of options.json ? [JSON.stringify(report)] : reportLines(report)) print(line);
    return report.exact ? 0 : 1;
  } finally {
    await tables.close();
    await journals.close();
  }
}

/** A command's way to the tables. */
export function integrityConnection({
  client,
  pool,
}: Pick<EventTables, 'client' | 'pool'>): IntegrityConnection {
  return {
    rows: (sql, settings) => pool.rows(sql, {}, settings),
    async run(query) {
      await client.command({ query });
    },
  };
}
