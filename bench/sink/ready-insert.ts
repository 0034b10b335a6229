import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { database } from '../../src/platform/clickhouse/client.ts';
import { measureStoring, openFreshStore } from './store.ts';

/** Input of a process that inserts prepared rows, to show the cost of ClickHouse alone. */
export interface ReadyInsertInput {
  /** File with one row per line, as JSON. */
  readonly rowsFile: string;
  readonly clickHouse: string;
  /** Number of rows per insert. 0: a single insert of all rows. */
  readonly rowsPerInsert: number;
}

const input: ReadyInsertInput = JSON.parse(process.argv[2] ?? '');
const client = await openFreshStore(input.clickHouse);
const bodies = cut(readFileSync(input.rowsFile), input.rowsPerInsert);

await measureStoring(client, async () => {
  for (const body of bodies) {
    const { stream } = await client.exec({
      query: `INSERT INTO ${database}.session_events SETTINGS async_insert = 0 FORMAT JSONEachRow`,
      values: Readable.from([body], { objectMode: false }),
    });
    stream.resume();
  }
});
await client.close();

function cut(rows: Buffer, rowsPerInsert: number): Buffer[] {
  if (rowsPerInsert === 0) return [rows];
  const pieces: Buffer[] = [];
  let start = 0;
  let count = 0;
  for (let end = rows.indexOf(10); end !== -1; end = rows.indexOf(10, end + 1)) {
    count += 1;
    if (count % rowsPerInsert !== 0) continue;
    pieces.push(rows.subarray(start, end + 1));
    start = end + 1;
  }
  return start < rows.length ? [...pieces, rows.subarray(start)] : pieces;
}
