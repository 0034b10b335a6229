import { createMetrics } from '../../src/app/metrics.ts';
import { createDurableJournal } from '../../src/journal/log/durable-journal.ts';
import { openRecordLog } from '../../src/journal/log/store/lmdb-record-log.ts';
import { createKafkaTarget } from '../../src/journal/relay/kafka-target.ts';
import { createRelay, relayDefaults } from '../../src/journal/relay/relay.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { noFailpoints } from '../../src/platform/failpoints.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { sleep } from '../support/processes.ts';
import { openKafka } from './client.ts';

/** Input of a process that sends a full journal to a topic, with the same components as src/app/parts/relay.ts. */
export interface RelayJournalInput {
  readonly journal: string;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly compression: 'none' | 'gzip';
  readonly count: number;
}

export interface RelayResult {
  readonly ms: number;
  readonly cpuMs: number;
}

const { brokers, topic, compression, ...input }: RelayJournalInput = JSON.parse(process.argv[2] ?? '');
const logger = createLogger({ logLevel: 'warn' });
const journal = createDurableJournal(
  { keepMs: 365 * 86_400_000, limitBytes: 2 ** 40 },
  { log: openRecordLog(input.journal), clock: systemClock, failpoint: noFailpoints, logger },
);
const { pendingEvents } = journal.status();
if (pendingEvents !== input.count) throw new Error(`the journal holds ${pendingEvents} of ${input.count}`);
const kafka = openKafka(brokers);
const target = createKafkaTarget({ topic, compression }, kafka);
const relay = createRelay(relayDefaults, {
  journal,
  target,
  failpoint: noFailpoints,
  logger,
  metrics: createMetrics(),
});

const before = process.cpuUsage();
const startedMs = performance.now();
relay.start();
while (journal.status().pendingEvents > 0) await sleep(5);
const ms = performance.now() - startedMs;
const { user, system } = process.cpuUsage(before);
const result: RelayResult = { ms, cpuMs: (user + system) / 1000 };
process.stdout.write(JSON.stringify(result));
await relay.stop();
await journal.close();
