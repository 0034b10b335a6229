import { createSink } from '../../consumers/sink/sink.ts';
import { createJournalSource } from '../../consumers/sources/journal-source.ts';
import type { Source } from '../../consumers/sources/source.ts';
import { createClickHouseEventStore } from '../../consumers/store/clickhouse-event-store.ts';
import { withWriteCheck } from '../../consumers/store/write-check.ts';
import { createMetrics } from '../../src/app/metrics.ts';
import { createDurableJournal } from '../../src/journal/log/durable-journal.ts';
import { openRecordLog } from '../../src/journal/log/store/lmdb-record-log.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { noFailpoints } from '../../src/platform/failpoints.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { measureStoring, openFreshStore } from './store.ts';

/**
 * Input of a process that stores a full journal with the sink, with the same components as src/app/parts/consumer.ts.
 */
export interface DrainInput {
  readonly journal: string;
  readonly clickHouse: string;
  readonly count: number;
  readonly maxRows: number;
  readonly lingerMs: number;
}

const input: DrainInput = JSON.parse(process.argv[2] ?? '');
const client = await openFreshStore(input.clickHouse);
const logger = createLogger({ logLevel: 'warn' });
const journal = createDurableJournal(
  { keepMs: 86_400_000, limitBytes: 2 ** 40 },
  { log: openRecordLog(input.journal), clock: systemClock, failpoint: noFailpoints, logger },
);
const lastPosition = journal.startPosition() + input.count - 1;
const journalSource = createJournalSource(journal);

let onLastStored = () => {};
const lastStored = new Promise<void>((resolve) => {
  onLastStored = resolve;
});
const source: Source = {
  ...journalSource,
  async hint(position) {
    await journalSource.hint(position);
    if (position === lastPosition) onLastStored();
  },
};
const sink = createSink(
  { maxRows: input.maxRows, lingerMs: input.lingerMs },
  {
    source,
    store: withWriteCheck(createClickHouseEventStore(client, systemClock), client),
    failpoint: noFailpoints,
    logger,
    metrics: createMetrics(),
  },
);
await measureStoring(client, async () => {
  sink.start();
  await lastStored;
});
await sink.stop();
await journal.close();
await client.close();
