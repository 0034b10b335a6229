import { createKafka, type Kafka } from '../../src/platform/kafka/client.ts';
import { createLogger } from '../../src/platform/logger.ts';

/** Creates a Kafka client with the settings that watmeter uses, but without TLS. */
export function openKafka(brokers: readonly string[]): Kafka {
  return createKafka(
    { brokers, tls: false, caFile: undefined, sasl: undefined },
    createLogger({ logLevel: 'warn' }),
  );
}
