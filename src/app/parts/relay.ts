import { hostname } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { createProducerRegistry } from '../../completeness/registry/producer-registry.ts';
import { createRegistration, type Registration } from '../../completeness/registry/registration.ts';
import { createClockOffset } from '../../journal/clock/clock-offset.ts';
import type { JournalMetrics } from '../../journal/declarations/metrics.ts';
import { createKafkaTarget } from '../../journal/relay/kafka-target.ts';
import { createRelay, type Relay, relayDefaults } from '../../journal/relay/relay.ts';
import { createRelayWatermarks, type RelayWatermarks } from '../../journal/relay/relay-watermarks.ts';
import { createRewindRequests } from '../../journal/relay/rewind-request.ts';
import { createTopicPartitions, type TopicPartitions } from '../../journal/relay/topic-partitions.ts';
import { createPeriodicTask } from '../../platform/background/periodic-task.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Failpoint } from '../../platform/failpoints.ts';
import type { Logger } from '../../platform/logger.ts';
import { addGauge, type Metrics } from '../../platform/metrics.ts';
import type { ReadinessCheck } from '../../platform/readiness/readiness-check.ts';
import type { ControlStore } from '../../platform/sql/control-store.ts';
import type { Config } from '../config.ts';
import type { ControlTables } from '../declared.ts';
import { createKafkaProbe, type KafkaSettings, openKafka } from '../stores/kafka.ts';
import { createJournalPart, type JournalConfig, type JournalPart } from './journal.ts';

const partitionsEveryMs = 10_000;
const partitionsTimeoutMs = 30_000;
const rewindEveryMs = 500;

export type RelayConfig = JournalConfig &
  KafkaSettings &
  Pick<Config, 'kafkaTopic' | 'kafkaCompression' | 'watermarks' | 'databaseUrl'>;

export interface RelayDeps {
  readonly control: ControlStore<ControlTables>;
  readonly clock: Clock;
  readonly failpoint: Failpoint;
  readonly logger: Logger;
  readonly metrics: Metrics & JournalMetrics;
}

/** Opens the journal and creates the relay that sends its events to Kafka. */
export async function createRelayedJournal(config: RelayConfig, deps: RelayDeps): Promise<JournalPart> {
  const { control, clock, failpoint, logger, metrics } = deps;
  const partitions = await openTopicPartitions(config, logger);
  const registration = config.watermarks === 'true' ? createGatewayRegistration(control, deps) : undefined;
  let watermarks: RelayWatermarks | undefined;
  const { journal, components, checks } = createJournalPart(config, {
    ...{ clock, failpoint, logger, metrics, partitions: partitions.count },
    async onProducer(producer) {
      watermarks?.noteProducer(producer);
      await registration?.register(producer);
    },
  });
  if (registration !== undefined) {
    const { isRegistered } = registration;
    const monotonicMs = () => performance.now();
    await registration.registerFirst(journal.producer());
    watermarks = createRelayWatermarks({
      journal,
      partitions: partitions.count,
      isRegistered,
      clock,
      monotonicMs,
    });
    watermarks.noteProducer(journal.producer());
  }
  const target = createKafkaTarget(
    { topic: config.kafkaTopic, compression: config.kafkaCompression },
    openKafka(config, logger),
  );
  const relay = createRelay(relayDefaults, { journal, target, watermarks, failpoint, logger, metrics });
  const rewind = createRewind(config.dataDir, relay, logger);
  const offset = createOffset(config, deps);
  const probe = createKafkaProbe(config, { lastSignMs: relay.lastAcceptedMs, logger });
  return {
    journal,
    components: [
      ...components,
      { name: 'registration', stop: async () => registration?.stop() },
      { name: 'relay', start: relay.start, stop: relay.stop },
      probe.component,
      createPeriodicTask('topic partitions', partitionsEveryMs, partitions.refresh, logger),
      createPeriodicTask('rewinds', rewindEveryMs, rewind, logger),
      ...offset.components,
    ],
    // `isHarmless`: the gateway still accepts sessions without Kafka, so a load balancer must keep using it.
    checks: [
      ...checks,
      ...offset.checks,
      { name: 'relay', trouble: relay.trouble, isHarmless: true } satisfies ReadinessCheck,
      probe.check,
    ],
  };
}

/** Creates the registration of this gateway's producers. The host name is the name of the gateway for operators. */
function createGatewayRegistration(
  control: ControlStore<ControlTables>,
  { clock, logger }: Pick<RelayDeps, 'clock' | 'logger'>,
): Registration {
  return createRegistration({
    registry: createProducerRegistry(control),
    gateway: hostname(),
    clock,
    logger,
  });
}

/**
 * Creates the comparison of this gateway's clock with the clock of PostgreSQL. Without PostgreSQL it creates nothing,
 * because SQLite uses the clock of this machine.
 */
function createOffset(
  { databaseUrl }: Pick<RelayConfig, 'databaseUrl'>,
  { control, clock, logger, metrics }: RelayDeps,
): Pick<JournalPart, 'components' | 'checks'> {
  if (databaseUrl === undefined) return { components: [], checks: [] };
  const now = sql<{ ms: number }>`SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`;
  const readOtherMs = async () => Number((await now.execute(control)).rows[0]?.ms);
  const { offsetMs, check, component } = createClockOffset({ readOtherMs, clock, logger });
  addGauge(
    metrics.registry,
    'watmeter_clock_offset_seconds',
    "Offset of this gateway's clock from the clock of the control store. Positive: this clock is ahead",
    () => offsetMs() / 1000,
  );
  return { components: [component], checks: [check] };
}

async function openTopicPartitions(config: RelayConfig, logger: Logger): Promise<TopicPartitions> {
  const file = join(config.dataDir, 'topic-partitions');
  const partitions = createTopicPartitions(
    { topic: config.kafkaTopic, file, timeoutMs: partitionsTimeoutMs },
    openKafka(config, logger),
  );
  await partitions.refresh().catch((error) => {
    logger.warn(
      { err: error, partitions: partitions.count() },
      'Kafka does not respond: sessions wait in the journal',
    );
  });
  return partitions;
}

/** Creates the task that rewinds the relay after `watmeter relay rewind` has requested it. */
function createRewind(dataDir: string, relay: Pick<Relay, 'rewind'>, logger: Logger): () => Promise<void> {
  const requests = createRewindRequests(dataDir);
  return async () => {
    if (!requests.take()) return;
    const events = relay.rewind();
    logger.warn({ events }, 'rewound: the relay sends the events in the journal again');
    requests.answer(events);
  };
}
