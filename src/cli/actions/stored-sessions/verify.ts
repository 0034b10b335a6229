import { findMisdated } from '../../../../consumers/recovery/clock/misdated-sessions.ts';
import { inspect } from '../../../../consumers/recovery/integrity/check.ts';
import {
  createClickHouseIntegrityStore,
  type IntegrityConnection,
} from '../../../../consumers/recovery/integrity/store/clickhouse-integrity-store.ts';
import { systemClock } from '../../../platform/clock.ts';
import { reportLines } from '../../output/integrity-text.ts';
import { misdatedAnswer, misdatedLines } from '../../output/misdated-text.ts';
import type { CommandContext } from '../../support/command-context.ts';
import { CommandFailure, type ExitCode, exitCodes } from '../../support/command-failure.ts';
import { type EventTables, openJournals, withEventTables } from '../../support/event-tables.ts';
import { loadSettings } from '../../support/settings.ts';

export interface VerifyOptions {
  readonly journal?: readonly string[];
  readonly quick?: true;
  readonly clock?: true;
  readonly json?: true;
}

/** Prints whether the accepted, stored and counted sessions are equal. Fails if they are not. */
export async function verify(context: CommandContext, options: VerifyOptions): Promise<ExitCode> {
  if (options.clock) return verifyClock(context, options);
  const config = loadSettings(context);
  const journals = openJournals(config, options.journal ?? []);
  try {
    return await withEventTables(config, context, async (tables) => {
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

/** Prints the sessions whose time is too late because the clock was wrong. Fails if there are any. */
async function verifyClock(context: CommandContext, options: VerifyOptions): Promise<ExitCode> {
  if (options.quick) throw new CommandFailure(exitCodes.usageError, 'use either --clock or --quick');
  const config = loadSettings(context);
  const { journals, close } = openJournals(config, options.journal ?? []);
  try {
    return await withEventTables(config, context, async (tables) => {
      const connection = integrityConnection(tables);
      const found = await findMisdated({ connection, journals, nowMs: systemClock.nowMs() });
      const lines = options.json ? [JSON.stringify(misdatedAnswer(found))] : misdatedLines(found);
      for (const line of lines) context.print(line);
      return found.sessions.length === 0 ? exitCodes.done : exitCodes.failed;
    });
  } finally {
    await close();
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
