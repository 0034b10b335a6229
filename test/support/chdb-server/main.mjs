// FOR TESTS ONLY: This program provides the HTTP interface of ClickHouse for a chdb directory. It is a separate process,
// so that several processes can share one ClickHouse without a ClickHouse server. It supports the features that
// @clickhouse/client and watmeter use.
//   node main.mjs --data DIR --port N --user NAME --password SECRET
// The parent process orders faults over the IPC channel (chdb-server.ts).
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openEngine } from './engine.mjs';
import { createFaults } from './faults.mjs';
import { createRunning } from './running.mjs';
import { createChdbHttpServer } from './server.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '0' },
    user: { type: 'string', default: 'default' },
    password: { type: 'string', default: '' },
  },
});
const scratch = join(values.data, 'scratch');
rmSync(scratch, { recursive: true, force: true });
mkdirSync(scratch, { recursive: true });

const faults = createFaults();
const server = createChdbHttpServer({
  engine: openEngine(join(values.data, 'chdb'), scratch),
  running: createRunning(scratch),
  faults,
  user: values.user,
  password: values.password,
});

process.on('message', ({ id, order, fault }) => {
  if (order === 'fault') faults.order(fault);
  if (order === 'clear') faults.clear();
  process.send({ id });
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

server.listen(Number(values.port), '127.0.0.1', () => {
  const message = { port: server.address().port };
  if (process.send === undefined) process.stdout.write(`${JSON.stringify(message)}\n`);
  else process.send(message);
});
