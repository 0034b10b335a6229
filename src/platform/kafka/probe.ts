import { withTimeLimit } from '../background/time-limit.ts';
import type { Logger } from '../logger.ts';
import { createKafka, type KafkaConfig } from './client.ts';

const probeTimeoutMs = 3000;
/**
 * Time limit for a probe. It is longer than kafkajs's own time limits, and needed because kafkajs may never settle a
 * connection attempt.
 */
const answerTimeoutMs = 10_000;

/**
 * Returns whether at least one broker responds. Each broker gets a new client with its own connection. An existing
 * connection may lead to a frozen broker, and a client for all brokers may try the frozen broker first.
 */
export async function anyBrokerAnswers(config: KafkaConfig, logger: Logger): Promise<boolean> {
  const answers = config.brokers.map(async (broker) => {
    const kafka = createKafka({ ...config, brokers: [broker], requestTimeoutMs: probeTimeoutMs }, logger);
    const admin = kafka.admin({ retry: { retries: 0 } });
    try {
      await withTimeLimit(answerTimeoutMs, admin.connect());
    } finally {
      void admin.disconnect().catch(() => {});
    }
  });
  return Promise.any(answers).then(
    () => true,
    () => false,
  );
}
