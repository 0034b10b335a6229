// This program uses the built journal in a separate process, which a test can kill. It locks a data directory. With
// `append`, it also appends entries until it is killed, and prints a line for each acknowledged append: producer,
// partition, sequence, session.
//   node journal-process.mjs hold|append DATA_DIR
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { createDurableJournal } from '../../dist/src/journal/log/durable-journal.js';
import { openRecordLog } from '../../dist/src/journal/log/store/lmdb-record-log.js';
import { lockDataDirectory } from '../../dist/src/platform/files/data-directory.js';
import { createLogger } from '../../dist/src/platform/logger.js';

const [task, dataDir] = process.argv.slice(2);
const inFlight = 100;

lockDataDirectory(dataDir);
process.stdout.write('ready\n');
setInterval(() => {}, 1000);

if (task === 'append') {
  const journal = createDurableJournal(
    { keepMs: 1e9, limitBytes: 1e9 },
    {
      partitions: () => 2,
      log: openRecordLog(join(dataDir, 'journal')),
      clock: { nowMs: () => Date.now() },
      failpoint: () => {},
      logger: createLogger({ logLevel: 'error' }),
    },
  );
  const client = async () => {
    for (;;) {
      const session = {
        sessionId: uuidv7(),
        configurationId: 'configuration-1',
        organisationId: 'default',
        tags: [randomBytes(30).toString('hex')],
        viewer: randomBytes(16).toString('hex'),
      };
      const { producer, partition, sequence } = await journal.append(session);
      process.stdout.write(`${producer} ${partition} ${sequence} ${session.sessionId}\n`);
    }
  };
  for (let count = 0; count < inFlight; count += 1) void client();
}
