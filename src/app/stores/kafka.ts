import { createKafka, type Kafka, type KafkaConfig } from '../../platform/kafka/client.ts';
import { anyBrokerAnswers } from '../../platform/kafka/probe.ts';
import type { Logger } from '../../platform/logger.ts';
import { createDependencyProbe, type DependencyProbe } from '../../platform/readiness/dependency-probe.ts';
import type { Config } from '../config.ts';

export type KafkaSettings = Pick<
  Config,
  'kafkaBrokers' | 'kafkaTls' | 'kafkaCaFile' | 'kafkaSaslMechanism' | 'kafkaUsername' | 'kafkaPassword'
>;

/** Returns the Kafka settings, or undefined if KAFKA_BROKERS is not set. The sink then reads the journal directly. */
export function kafkaConfigOf(config: KafkaSettings): KafkaConfig | undefined {
  const { kafkaBrokers, kafkaSaslMechanism, kafkaUsername = '', kafkaPassword = '' } = config;
  if (kafkaBrokers === undefined) return undefined;
  return {
    brokers: kafkaBrokers,
    tls: config.kafkaTls === 'true',
    caFile: config.kafkaCaFile,
    sasl: kafkaSaslMechanism && {
      mechanism: kafkaSaslMechanism,
      username: kafkaUsername,
      password: kafkaPassword,
    },
  };
}

/** Returns whether a broker responds on a new connection. */
export function anyKafkaAnswers(config: KafkaSettings, logger: Logger): Promise<boolean> {
  const kafka = kafkaConfigOf(config);
  return kafka === undefined ? Promise.resolve(false) : anyBrokerAnswers(kafka, logger);
}

/** The probe contacts the brokers only if the connection has not worked for this time. */
const recentSignMs = 3000;

/**
 * Creates a probe of Kafka. If the process's own connection has not worked in the last 3 s, the probe opens new
 * connections to the brokers.
 * @param lastSignMs returns when the connection last worked, in milliseconds of `performance.now`.
 */
export function createKafkaProbe(
  config: KafkaSettings,
  { lastSignMs, logger }: { readonly lastSignMs: () => number; readonly logger: Logger },
): DependencyProbe {
  async function ask(): Promise<void> {
    if (performance.now() - lastSignMs() < recentSignMs) return;
    if (!(await anyKafkaAnswers(config, logger))) throw new Error('no broker responds');
  }
  return createDependencyProbe({ name: 'Kafka' }, { ask, logger });
}

/**
 * Creates a Kafka client. Each producer, consumer and admin client needs its own.
 * @throws Error if KAFKA_BROKERS is not set.
 */
export function openKafka(config: KafkaSettings, logger: Logger): Kafka {
  const kafka = kafkaConfigOf(config);
  if (kafka === undefined) throw new Error('KAFKA_BROKERS is not set');
  return createKafka(kafka, logger);
}
