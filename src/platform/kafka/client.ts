import { readFileSync } from 'node:fs';
import kafkajs, { type Kafka, type logCreator, type SASLOptions } from 'kafkajs';
import type { Logger } from '../logger.ts';

export type {
  Admin,
  Consumer,
  EachBatchPayload,
  ITopicMetadata,
  Kafka,
  KafkaMessage,
  Producer,
} from 'kafkajs';

// kafkajs is CommonJS, and Node cannot import these names from it directly.
export const { CompressionTypes, ConfigResourceTypes, Partitioners } = kafkajs;

export interface KafkaConfig {
  readonly brokers: readonly string[];
  readonly tls: boolean;
  /**
   * PEM file with the authority that signed the brokers' certificates. Undefined: Node's built-in list of
   * authorities.
   */
  readonly caFile: string | undefined;
  readonly sasl: SaslConfig | undefined;
  readonly requestTimeoutMs?: number;
}

export interface SaslConfig {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/**
 * Creates a Kafka client. Each producer and each consumer needs its own client, because the consumers of one client
 * share kafkajs's cache of group offsets (docs/explanation/kafka.md).
 */
export function createKafka(config: KafkaConfig, logger: Logger): Kafka {
  return new kafkajs.Kafka({
    clientId: 'watmeter',
    brokers: [...config.brokers],
    ...(config.tls && {
      ssl: config.caFile === undefined ? true : { ca: readFileSync(config.caFile, 'utf8') },
    }),
    ...(config.sasl && { sasl: config.sasl as SASLOptions }),
    connectionTimeout: 3000,
    requestTimeout: config.requestTimeoutMs ?? 20_000,
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 2000 },
    logCreator: toLogger(logger),
  });
}

/**
 * Creates kafkajs's logger, which logs at debug level or below. kafkajs repeats its messages during an outage, while
 * watmeter logs the outage once.
 */
function toLogger(logger: Logger): logCreator {
  return () =>
    ({ level, namespace, log: { message, timestamp: _, logger: __, stack: ___, ...details } }) => {
      const line = { kafka: namespace, ...details };
      if (level === kafkajs.logLevel.ERROR || level === kafkajs.logLevel.WARN) logger.debug(line, message);
      else logger.trace(line, message);
    };
}

export const compressions = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP } as const;
