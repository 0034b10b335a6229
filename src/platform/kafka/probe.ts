import type { Logger } from '../logger.ts';
import { createKafka, type KafkaConfig } from './client.ts';

const probeTimeoutMs = 3000;

/**
 * Whether one of the brokers answers. Each is asked over a new connection of its own: connections that are open may
 * lead to a broker that is frozen, and a client of them all may ask that one first.
 */
export async function anyBrokerAnswers(config: KafkaConfig, logger: Logger): Promise<boolean> {
  const answers = config.brokers.map(async (broker) => {
    const kafka = createKafka({ ...config, brokers: [broker], requestTimeoutMs: probeTimeoutMs }, logger);
    const admin = kafka.admin({ retry: { retries: 0 } });
    try {
      await admin.connect();
    } finally {
      void admin.disconnect().catch(() => {});
    }
  });
  return Promise.any(answers).then(
    () => true,
    () => false,
  );
}
