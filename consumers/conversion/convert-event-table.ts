import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import type { Failpoint } from '../../src/platform/failpoints.ts';
import type { ConversionFailpoint } from '../declarations/failpoints.ts';
import type { ConversionGuard } from './conversion-guard.ts';
import { copyMonth } from './copy-month.ts';
import * as statements from './statements.ts';

export interface ConversionDeps {
  /** Connection whose default database contains the tables. Its timeout must allow statements of several minutes. */
  readonly client: ClickHouseClient;
  readonly guard: ConversionGuard;
  readonly failpoint: Failpoint<ConversionFailpoint>;
  readonly onProgress: (progress: ConversionProgress) => void;
  readonly isStopping: () => boolean;
}

/** Progress of a conversion. */
export interface ConversionProgress {
  /** Month that is being copied, for example 202611. */
  readonly month: number;
  readonly copiedRows: number;
  readonly totalRows: number;
}

export interface ConversionConfig {
  /** Statements that create the next table in the current format. They have no effect if the table exists. */
  readonly createNextTable: readonly string[];
  /**
   * Approximate number of rows that one statement copies. It determines how long a stop waits, because a stop waits
   * for the current statement.
   */
  readonly rowsPerStatement: number;
  /** Replaces the placeholders of a statement. */
  readonly render: (statement: string) => string;
}

/**
 * Converts the event table of version 0.1.0 to the current format, unless it was converted before. The rows are
 * copied month by month to a second table. When the copy is complete, the second table replaces the event table.
 * Until then, queries read the old table. No row is lost if the process is killed: the next call continues with the
 * first month that is not copied completely.
 *
 * No sink may write during the call. `guard` ensures this.
 *
 * @returns whether this call converted the table.
 * @throws Error if the conversion is stopped, if another process converts the table, or if a sink of an older version
 * still writes.
 */
export async function convertEventTable(config: ConversionConfig, deps: ConversionDeps): Promise<boolean> {
  const state = await readState(deps.client);
  if (state === 'converted') return false;
  await deps.guard.take();
  try {
    if (state === 'old') await copyAndExchange(config, deps);
    await removeOldTable(config, deps);
    return true;
  } finally {
    await deps.guard.release();
  }
}

/** State of the event table. `exchanged`: it has the current format, and the table that it replaced still exists. */
type State = 'old' | 'exchanged' | 'converted';

async function readState(client: ClickHouseClient): Promise<State> {
  const lines = await rowsOf<{ table: string; type: string }>(client, statements.formatsQuery);
  const formats = new Map(lines.map(({ table, type }) => [table, type]));
  if (formats.get(statements.eventTable) === 'String') return 'old';
  return formats.has(statements.nextTable) ? 'exchanged' : 'converted';
}

async function copyAndExchange(config: ConversionConfig, deps: ConversionDeps): Promise<void> {
  const { client, guard, failpoint } = deps;
  await guard.holdStreams();
  for (const query of config.createNextTable) await client.command({ query });
  await copyMonths(config, deps);
  await guard.assertHeld();
  const differing = [
    ...(await monthsOf(client, statements.monthsWithMoreQuery(statements.eventTable, statements.nextTable))),
    ...(await monthsOf(client, statements.monthsWithMoreQuery(statements.nextTable, statements.eventTable))),
  ];
  if (differing.length > 0) throw new Error(`the event table changed during its conversion: ${differing}`);
  failpoint('convert.verified');
  await client.command({ query: config.render(statements.exchangeStatement) });
  failpoint('convert.exchanged');
}

async function copyMonths(
  { rowsPerStatement }: ConversionConfig,
  { client, guard, failpoint, onProgress, isStopping }: ConversionDeps,
): Promise<void> {
  const months = await rowsOf<{ month: string; rows: string }>(client, statements.monthsQuery);
  const totalRows = months.reduce((sum, { rows }) => sum + Number(rows), 0);
  const checkStop = () => {
    if (isStopping()) throw new Error('the conversion of the event table was stopped');
  };
  let doneRows = 0;
  for (const { month, rows } of months) {
    checkStop();
    const onCopied = (copiedRows: number) =>
      onProgress({ month: Number(month), copiedRows: doneRows + copiedRows, totalRows });
    onCopied(0);
    await copyMonth(Number(month), { rowsPerStatement, client, guard, failpoint, onCopied, checkStop });
    doneRows += Number(rows);
  }
}

/**
 * Removes the replaced table. Before that, copies rows that only the replaced table has to the event table. A sink of
 * an older version may have stored such rows just before the exchange.
 */
async function removeOldTable({ render }: ConversionConfig, deps: ConversionDeps): Promise<void> {
  const { client, guard, failpoint } = deps;
  await guard.holdStreams();
  const missing = statements.monthsWithMoreQuery(statements.nextTable, statements.eventTable);
  for (const month of await monthsOf(client, missing))
    await client.command({ query: statements.copyLateStatement(month, guard.condition()) });
  const stillMissing = await monthsOf(client, missing);
  if (stillMissing.length > 0)
    throw new Error(`the replaced event table has more rows in ${stillMissing}: it is kept`);
  failpoint('convert.compared');
  await client.command({ query: render(statements.dropStatement) });
}

async function monthsOf(client: ClickHouseClient, query: string): Promise<number[]> {
  return (await rowsOf<{ month: string }>(client, query)).map(({ month }) => Number(month));
}

async function rowsOf<T>(client: ClickHouseClient, query: string): Promise<T[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<T>();
}
