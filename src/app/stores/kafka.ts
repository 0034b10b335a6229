import { createKafka, type Kafka, type KafkaConfig } from '../../platform/kafka/client.ts';
import { anyBrokerAnswers } from '../../platform/kafka/probe.ts';
import type { Logger } from '../../platform/logger.ts';
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

/**
 * Creates a Kafka client. Each producer, consumer and admin client needs its own.
 * @throws Error if KAFKA_BROKERS is not set.
 */
export function openKafka(config: KafkaSettings, logger: Logger): Kafka {
  const kafka = kafkaConfigOf(config);
  if (kafka === undefined) throw new Error('KAFKA_BROKERS is not set');
  return createKafka(kafka, logger);
}
