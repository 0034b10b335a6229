import type { ClickHouseClient } from '../../src/platform/clickhouse/client.ts';
import type { Failpoint } from '../../src/platform/failpoints.ts';
import type { ConversionFailpoint } from '../declarations/failpoints.ts';
import type { ConversionGuard } from './conversion-guard.ts';
import * as statements from './statements.ts';

export interface CopyDeps {
  /**
   * Approximate number of rows that one statement copies. It determines how long a stop waits, because a stop waits
   * for the current statement.
   */
  readonly rowsPerStatement: number;
  readonly client: ClickHouseClient;
  readonly guard: ConversionGuard;
  readonly failpoint: Failpoint<ConversionFailpoint>;
  /** Called with the number of rows of this month that are copied so far. */
  readonly onCopied: (rows: number) => void;
  /** Throws if the conversion must stop. */
  readonly checkStop: () => void;
}

interface MonthDigest {
  readonly rows: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly digest: string;
}

/**
 * Copies the rows of a month to the next table, unless an earlier attempt has copied all of them. Then verifies that
 * both tables contain the same rows, and that every file matches its checksum.
 *
 * @throws Error if the verification fails.
 */
export async function copyMonth(month: number, deps: CopyDeps): Promise<void> {
  const { client, guard, failpoint, onCopied } = deps;
  const source = await readDigest(client, statements.eventTable, month);
  if (!isSame(source, await readDigest(client, statements.nextTable, month))) {
    await guard.assertHeld();
    await client.command({ query: statements.dropMonthStatement(month) });
    failpoint('convert.cleared');
    await copyRows(month, source, deps);
    const copy = await readDigest(client, statements.nextTable, month);
    if (!isSame(source, copy))
      throw new Error(`the copy of ${month} has ${copy.rows} rows that differ from ${source.rows} rows`);
  }
  await checkFiles(client, month);
  onCopied(source.rows);
  failpoint('convert.month');
}

async function copyRows(
  month: number,
  { rows, firstMs, lastMs }: MonthDigest,
  { rowsPerStatement, client, guard, failpoint, onCopied, checkStop }: CopyDeps,
): Promise<void> {
  const slices = Math.max(1, Math.ceil(rows / rowsPerStatement));
  const startOf = (slice: number) => firstMs + Math.floor(((lastMs + 1 - firstMs) * slice) / slices);
  for (let slice = 0; slice < slices; slice += 1) {
    checkStop();
    const window = { firstMs: startOf(slice), lastMs: startOf(slice + 1) - 1 };
    const queryId = guard.nextQueryId();
    await client.command({
      query: statements.copyStatement(month, window, guard.condition()),
      ...(queryId !== undefined && { query_id: queryId }),
    });
    failpoint('convert.slice');
    onCopied(Math.round((rows * (slice + 1)) / slices));
  }
}

/**
 * Throws if a file of the copy does not match its checksum. chdb can report success although a write to the disk
 * failed (consumers/store/write-check.ts).
 */
async function checkFiles(client: ClickHouseClient, month: number): Promise<void> {
  const answer = await client.query({ query: statements.checkQuery(month), format: 'JSONEachRow' });
  const [line] = await answer.json<Record<string, unknown>>();
  if (line === undefined || Number(Object.values(line)[0]) !== 1)
    throw new Error(`the copy of ${month} has broken files`);
}

async function readDigest(client: ClickHouseClient, table: string, month: number): Promise<MonthDigest> {
  const query = statements.monthDigestQuery(table, month);
  const [line] = await (await client.query({ query, format: 'JSONEachRow' })).json<
    Record<keyof MonthDigest, string>
  >();
  return {
    rows: Number(line?.rows ?? 0),
    firstMs: Number(line?.firstMs ?? 0),
    lastMs: Number(line?.lastMs ?? 0),
    digest: line?.digest ?? '',
  };
}

function isSame(one: MonthDigest, other: MonthDigest): boolean {
  return one.rows === other.rows && one.digest === other.digest;
}
