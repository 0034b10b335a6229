import type { ConsumerMetrics } from '../../../consumers/declarations/metrics.ts';
import { createKafkaGroup } from '../../../consumers/kafka/kafka-group.ts';
import { createPartitionSinks } from '../../../consumers/kafka/partition-sinks.ts';
import { createStallWatch } from '../../../consumers/kafka/stall-watch.ts';
import { createRestartingSink } from '../../../consumers/sink/restarting-sink.ts';
import { createSink } from '../../../consumers/sink/sink.ts';
import { createJournalSource } from '../../../consumers/sources/journal-source.ts';
import { createWatermarkBuffer } from '../../../consumers/store/watermark-buffer.ts';
import type { JournalReader } from '../../journal/log/journal.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import type { Component } from '../../platform/lifecycle.ts';
import type { Logger } from '../../platform/logger.ts';
import { addGauge, addLabelledGauge, type Metrics } from '../../platform/metrics.ts';
import type { ReadinessCheck } from '../../platform/readiness/readiness-check.ts';
import type { Config } from '../config.ts';
import type { ClickHouse } from '../stores/clickhouse.ts';
import { anyKafkaAnswers, createKafkaProbe, type KafkaSettings, openKafka } from '../stores/kafka.ts';

const maxInserts = 4;
const lostWaitMs = 5000;
/** How long watermarks wait for those of other partitions. */
const watermarkFlushMs = 250;
/**
 * Time limit for opening a partition. kafkajs's own time limits and retries end earlier, but kafkajs may still hang.
 */
const openTimeoutMs = 60_000;

export interface ConsumerPart {
  readonly components: readonly Component[];
  readonly checks: readonly ReadinessCheck[];
  /** Returns why the process must be restarted, or undefined if it need not be. */
  readonly stalled: () => string | undefined;
}

interface ConsumerDeps {
  readonly eventStore: ClickHouse['eventStore'];
  readonly failpoint: Failpoint;
  readonly logger: Logger;
  readonly metrics: Metrics & ConsumerMetrics;
}

type SinkSettings = Pick<Config, 'sinkMaxRows' | 'sinkLinger'>;

/** Creates the consumer for embedded mode: one sink that stores the events from this process's journal. */
export function createJournalConsumer(
  config: SinkSettings,
  deps: ConsumerDeps & { readonly journal: JournalReader },
): ConsumerPart {
  const { journal, eventStore, failpoint, logger, metrics } = deps;
  const startSink = (onLost: () => void) =>
    createSink(
      { maxRows: config.sinkMaxRows, lingerMs: config.sinkLinger },
      {
        ...{ source: createJournalSource(journal), store: eventStore(undefined), onLost },
        ...{ failpoint, logger, metrics },
      },
    );
  const sink = createRestartingSink(startSink, lostWaitMs);
  return {
    components: [{ name: 'sink', ...sink }],
    checks: [{ name: 'sink', trouble: sink.trouble }],
    stalled: () => undefined,
  };
}

type KafkaConsumerConfig = SinkSettings &
  KafkaSettings &
  Pick<Config, 'kafkaTopic' | 'kafkaGroup' | 'kafkaSessionTimeout'>;

/** Creates the consumer for cluster mode: a member of the consumer group, with one sink per assigned partition. */
export function createKafkaConsumer(
  config: KafkaConsumerConfig,
  deps: ConsumerDeps & Pick<ClickHouse, 'insertWatermarks'>,
): ConsumerPart {
  const { eventStore, insertWatermarks, failpoint, logger, metrics } = deps;
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
  const watermarks = createWatermarkBuffer(
    { flushMs: watermarkFlushMs },
    { insert: insertWatermarks, logger },
  );
  const sinks = createPartitionSinks(
    { maxRows: config.sinkMaxRows, lingerMs: config.sinkLinger, maxInserts, lostWaitMs, openTimeoutMs },
    {
      ...{ feed: group, sourceName: topic, openStore: eventStore, watermarks },
      ...{ failpoint, logger, metrics },
    },
  );
  const stallWatch = createStallWatch(
    { stalledAfterMs: Math.max(60_000, 3 * config.kafkaSessionTimeout) },
    group,
  );
  const probe = createKafkaProbe(config, { lastSignMs: group.lastSignMs, logger });
  addGauge(
    metrics.registry,
    'watmeter_consumer_partitions',
    'Partitions of this process',
    () => sinks.partitions().length,
  );
  addLabelledGauge(
    metrics.registry,
    {
      name: 'watmeter_consumer_partition_lag_events',
      help: 'Events of a partition of this process that are not stored yet',
      label: 'partition',
    },
    group.lagByPartition,
  );
  addGauge(
    metrics.registry,
    'watmeter_consumer_lag_events',
    'Events of the partitions of this process that are not stored yet',
    group.lag,
  );
  return {
    components: [
      { name: 'watermarks', stop: watermarks.stop },
      { name: 'Kafka group', start: () => group.start(sinks), stop: group.stop },
      { name: 'sinks', stop: sinks.stop },
      { name: 'stall watch', ...stallWatch },
      probe.component,
    ],
    checks: [{ name: 'sinks', trouble: () => stallWatch.stalled() ?? sinks.trouble() }, probe.check],
    stalled: stallWatch.stalled,
  };
}
