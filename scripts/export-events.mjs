// Exports the events of an embedded watmeter to a file, one JSON object per line, for import into a ClickHouse server
// (docs/how-to/scale-out.md). The rows keep their event identities. watmeter must be stopped.
// Usage: node scripts/export-events.mjs DATA_DIR FILE
import { createChdbConnection } from 'chdb/connection';

const [dataDir, file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node scripts/export-events.mjs DATA_DIR FILE');
  process.exit(2);
}

const { chdb } = createChdbConnection({ path: `${dataDir}/clickhouse` });
await chdb.queryAsync(
  `SELECT organisation_id, configuration_id, session_id, time, tags, replaceAll(toString(viewer), '-', '') AS viewer, producer, partition, sequence
   FROM watmeter.session_events INTO OUTFILE '${file.replaceAll("'", "''")}' FORMAT JSONEachRow`,
);
process.exit(0);
