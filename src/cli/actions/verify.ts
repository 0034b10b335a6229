import { inspect } from '../../../consumers/recovery/integrity/check.ts';
import {
  createClickHouseIntegrityStore,
  type IntegrityConnection,
} from '../../../consumers/recovery/integrity/store/clickhouse-integrity-store.ts';
import { systemClock } from '../../platform/clock.ts';
import { reportLines } from '../output/integrity-text.ts';
import type { CommandContext } from '../support/command-context.ts';
import { type ExitCode, exitCodes } from '../support/command-failure.ts';
import { type EventTables, openJournals, withEventTables } from '../support/event-tables.ts';
import { loadSettings } from '../support/settings.ts';

export interface VerifyOptions {
  readonly journal?: readonly string[];
  readonly quick?: true;
  readonly json?: true;
}

/** Prints whether the accepted, stored and counted sessions are equal. Fails if they are not. */
export async function verify(context: CommandContext, options: VerifyOptions): Promise<ExitCode> {
  const config = loadSettings(context);
  const journals = openJournals(config, options.journal ?? []);
  try {
    return await withEventTables(config, async (tables) => {
      const { report } = await inspect(
        {
          store: createClickHouseIntegrityStore(integrityConnection(tables)),
          journals: journals.journals,
          clock: systemClock,
          isReadBySink: config.kafkaBrokers === undefined,
        },
        options.quick ? 'ledger' : 'full',
        context.showProgress,
      );
      for (const line of options.json ? [JSON.stringify(report)] : reportLines(report)) context.print(line);
      return report.exact ? exitCodes.done : exitCodes.failed;
    });
  } finally {
    await journals.close();
  }
}

/** Creates the connection that the integrity check and the repair use, from the event tables. */
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
