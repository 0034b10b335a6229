import { createKafkaGroup } from '../../../consumers/kafka/kafka-group.ts';
import { createPartitionSinks } from '../../../consumers/kafka/partition-sinks.ts';
import { createStallWatch } from '../../../consumers/kafka/stall-watch.ts';
import { createReturningSink } from '../../../consumers/sink/restarting-sink.ts';
import { createSink } from '../../../consumers/sink/sink.ts';
import { createJournalSource } from '../../../consumers/sources/journal-source.ts';
import type { Config } from '../../config/settings.ts';
import type { JournalReader } from '../../journal/log/journal.ts';
import { addGauge } from '../../platform/metrics.ts';
import type { ClickHouse } from '../clickhouse.ts';
import { anyKafkaAnswers, openKafka } from '../kafka.ts';
import type { Part, PartDeps } from './part.ts';

const maxInserts = 4;
const lostWaitMs = 5000;

export interface ConsumerPart extends Part {
  /** Why this process should be ended and started anew; undefined while it should not. */
  readonly stalled: () => string | undefined;
}

type ConsumerDeps = PartDeps & { readonly clickHouse: ClickHouse };

/** Embedded mode: one sink that stores what the journal of the same process has. */
export function createJournalConsumer(
  config: Config,
  deps: ConsumerDeps & { readonly journal: JournalReader },
): ConsumerPart {
  const { clickHouse, journal } = deps;
  const makeSink = (onLost: () => void) =>
    createSink(
      { maxRows: config.sinkMaxRows, lingerMs: config.sinkLinger },
      {
        ...deps,
        source: createJournalSource(journal),
        store: clickHouse.eventStore(undefined),
        onLost,
      },
    );
  const sink = createReturningSink(makeSink, lostWaitMs);
  return {
    components: [{ name: 'sink', ...sink }],
    checks: [{ name: 'sink', trouble: sink.trouble }],
    stalled: () => undefined,
  };
}

/** Cluster mode: a member of the consumer group, with one sink for each partition that it is given. */
export function createKafkaConsumer(config: Config, deps: ConsumerDeps): ConsumerPart {
  const { logger, clickHouse, metrics } = deps;
  const topic = config.kafkaTopic;
  const group = createKafkaGroup(
    { topic, group: config.kafkaGroup, sessionTimeoutMs: config.kafkaSessionTimeout },
    {
      logger,
      consumerKafka: openKafka(config, logger),
      adminKafka: openKafka(config, logger),
      brokerAnswers: () => anyKafkaAnswers(config, logger),
    },
  );
  const sinks = createPartitionSinks(
    { maxRows: config.sinkMaxRows, lingerMs: config.sinkLinger, maxInserts, lostWaitMs },
    {
      ...deps,
      feed: group,
      sourceName: topic,
      openStore: clickHouse.eventStore,
    },
  );
  const stallWatch = createStallWatch(
    { stalledAfterMs: Math.max(60_000, 3 * config.kafkaSessionTimeout) },
    group,
  );
  addGauge(
    metrics.registry,
    'watmeter_consumer_partitions',
    'Partitions of this process',
    () => sinks.partitions().length,
  );
  addGauge(
    metrics.registry,
    'watmeter_consumer_lag_events',
    'Fetched or waiting in Kafka, not stored yet',
    group.lag,
  );
  return {
    components: [
      { name: 'Kafka group', start: () => group.start(sinks), stop: group.stop },
      { name: 'sinks', stop: sinks.stop },
      { name: 'stall watch', ...stallWatch },
    ],
    checks: [{ name: 'sinks', trouble: () => stallWatch.stalled() ?? sinks.trouble() }],
    stalled: stallWatch.stalled,
  };
}
