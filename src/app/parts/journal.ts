import { join } from 'node:path';
import type { Config } from '../../config/settings.ts';
import { createDurableJournal } from '../../journal/log/durable-journal.ts';
import type { Journal } from '../../journal/log/journal.ts';
import { openRecordLog } from '../../journal/log/lmdb-record-log.ts';
import { createKafkaTarget } from '../../journal/relay/kafka-target.ts';
import { createRelay, relayDefaults } from '../../journal/relay/relay.ts';
import { createRewindRequests } from '../../journal/relay/rewind-request.ts';
import { createTopicPartitions, type TopicPartitions } from '../../journal/relay/topic-partitions.ts';
import type { ReadinessCheck } from '../../platform/http/system-routes.ts';
import type { Component } from '../../platform/lifecycle.ts';
import { addGauge, type Metrics } from '../../platform/metrics.ts';
import { dataPaths } from '../data-paths.ts';
import { openKafka } from '../kafka.ts';
import { createWatch } from '../watch.ts';
import type { Part, PartDeps } from './part.ts';

const partitionsEveryMs = 10_000;
const rewindEveryMs = 500;

export interface JournalPart extends Part {
  readonly journal: Journal;
}

/** Keeps the journal, and sends it to Kafka where there is one. */
export async function createJournalPart(config: Config, deps: PartDeps): Promise<JournalPart> {
  const { logger, clock, failpoint, metrics } = deps;
  const paths = dataPaths(config.dataDir);
  const partitions = config.kafkaBrokers && (await openTopicPartitions(config, deps));
  const journal = createDurableJournal(
    { keepMs: config.journalKeep, limitBytes: config.journalLimit },
    {
      log: openRecordLog(paths.journal),
      clock,
      failpoint,
      logger,
      ...(partitions && { partitions: partitions.count }),
    },
  );
  addJournalGauges(metrics, journal);
  const relaying = partitions && createRelayPart(config, { ...deps, journal, partitions });
  return {
    journal,
    components: [{ name: 'journal', stop: journal.close }, ...(relaying?.components ?? [])],
    checks: [
      {
        name: 'journal',
        trouble: () => (journal.status().accepting ? undefined : 'full or failing: sessions are refused'),
      },
      ...(relaying?.checks ?? []),
    ],
  };
}

async function openTopicPartitions(config: Config, { logger }: PartDeps): Promise<TopicPartitions> {
  const file = join(config.dataDir, 'topic-partitions');
  const partitions = createTopicPartitions({ topic: config.kafkaTopic, file }, openKafka(config, logger));
  await partitions.refresh().catch((error) => {
    logger.warn(
      { err: error, partitions: partitions.count() },
      'Kafka does not answer: sessions wait in the journal',
    );
  });
  return partitions;
}

/** The relay with what goes with it: the number of partitions, requests to rewind. */
function createRelayPart(
  config: Config,
  deps: PartDeps & { readonly journal: Journal; readonly partitions: TopicPartitions },
): { readonly components: Component[]; readonly checks: ReadinessCheck[] } {
  const { journal, logger, failpoint, metrics, partitions } = deps;
  const target = createKafkaTarget(
    { topic: config.kafkaTopic, compression: config.kafkaCompression },
    openKafka(config, logger),
  );
  const relay = createRelay(relayDefaults, { journal, target, failpoint, logger, metrics });
  const rewinds = createRewindRequests(config.dataDir);
  const heedRewinds = async () => {
    if (!rewinds.take()) return;
    const events = relay.rewind();
    logger.warn({ events }, 'rewound: what the journal has is sent again');
    rewinds.answer(events);
  };
  return {
    components: [
      { name: 'relay', ...relay },
      createWatch('topic partitions', partitionsEveryMs, partitions.refresh, logger),
      createWatch('rewinds', rewindEveryMs, heedRewinds, logger),
    ],
    // Sessions go on without Kafka: a gateway that is taken out of service for it would refuse them.
    checks: [{ name: 'relay', trouble: relay.trouble, isHarmless: true }],
  };
}

function addJournalGauges({ registry }: Metrics, { status }: Journal): void {
  addGauge(
    registry,
    'watmeter_journal_pending_events',
    'Accepted, not stored yet; with Kafka: not sent yet',
    () => status().pendingEvents,
  );
  addGauge(registry, 'watmeter_journal_used_bytes', 'Size of the journal', () => status().usedBytes);
  addGauge(registry, 'watmeter_journal_limit_bytes', 'Most that it may take', () => status().limitBytes);
}
