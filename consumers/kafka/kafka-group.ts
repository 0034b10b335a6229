import { atMost } from '../../src/platform/background/time-limit.ts';
import type { Admin, Consumer, EachBatchPayload, Kafka } from '../../src/platform/kafka/client.ts';
import type { Logger } from '../../src/platform/logger.ts';
import { createCommits } from './commits.ts';
import { toSourceMessage } from './kafka-message.ts';
import { createLag } from './lag.ts';
import type { FetchedMessages, PartitionFeed } from './partition-feed.ts';
import type { FetchingClient } from './stall-watch.ts';

export interface KafkaGroupConfig {
  readonly topic: string;
  readonly group: string;
  readonly sessionTimeoutMs: number;
}

export interface KafkaGroupDeps {
  /** Two connections: kafkajs's consumer wants one of its own. */
  readonly consumerKafka: Kafka;
  readonly adminKafka: Kafka;
  /** Whether a broker answers someone who asks anew. */
  readonly brokerAnswers: () => Promise<boolean>;
  readonly logger: Logger;
}

/** What happens in the group. None of these may throw: kafkajs stops for ever on some errors (docs/explanation/kafka.md). */
export interface KafkaGroupListener {
  assign(partitions: readonly number[]): void;
  offer(partition: number, fetched: FetchedMessages): void;
}

export interface KafkaGroup extends PartitionFeed, FetchingClient {
  start(listener: KafkaGroupListener): Promise<void>;
  stop(): Promise<void>;
  /** Events in this process's partitions that are not known to be stored yet, as of the last fetch of each. */
  lag(): number;
}

/** A broker that is frozen must not hold up a stop. */
const leaveWithinMs = 3000;

/** Batches of kafkajs have this too; its types leave it out. */
type FetchedBatch = EachBatchPayload['batch'] & { readonly fetchedOffset: string };
type Commit = EachBatchPayload['commitOffsetsIfNecessary'];

/**
 * The consumer group of kafkajs, reduced to what can be relied on: it says which partitions are this process's and
 * pushes what it fetches. Its offsets are hints; who owns a partition the store decides (docs/explanation/kafka.md).
 */
export function createKafkaGroup(config: KafkaGroupConfig, deps: KafkaGroupDeps): KafkaGroup {
  const { topic, group } = config;
  const { logger } = deps;
  const consumer = createConsumer(config, deps.consumerKafka);
  let commitOffsets: Commit | undefined;
  let lastFetchMs = performance.now();
  let lastHeartbeatMs = performance.now();
  let failure: Error | undefined;
  const lag = createLag();
  const commits = createCommits(async (partition, offset) => {
    // With explicit offsets, from a batch's payload: the other ways lose commits or stop the consumer.
    await commitOffsets?.({ topics: [{ topic, partitions: [{ partition, offset: String(offset) }] }] });
  }, logger);

  function listen(listener: KafkaGroupListener): void {
    const { events } = consumer;
    consumer.on(events.FETCH, () => {
      lastFetchMs = performance.now();
    });
    consumer.on(events.HEARTBEAT, () => {
      lastHeartbeatMs = performance.now();
    });
    consumer.on(events.GROUP_JOIN, ({ payload }) => {
      const partitions = payload.memberAssignment[topic] ?? [];
      lag.keepOnly(partitions);
      commits.keepOnly(partitions);
      logger.info({ partitions }, 'joined the consumer group');
      listener.assign(partitions);
    });
    consumer.on(events.CRASH, ({ payload: { error, restart } }) => {
      logger.error({ err: error, restart }, 'the Kafka client crashed');
      if (!restart) failure = error;
    });
  }

  return {
    async start(listener) {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      listen(listener);
      await consumer.run({
        autoCommit: false,
        partitionsConsumedConcurrently: 4,
        async eachBatch({ batch, commitOffsetsIfNecessary }) {
          commitOffsets = commitOffsetsIfNecessary;
          lag.fetched(batch.partition, Number(batch.firstOffset() ?? 0), Number(batch.highWatermark));
          listener.offer(batch.partition, {
            messages: batch.messages.map(toSourceMessage),
            fetchedOffset: Number((batch as FetchedBatch).fetchedOffset),
            highWatermark: Number(batch.highWatermark),
          });
        },
      });
    },
    async stop() {
      // Both are courtesies: without them the others wait for the session time-out, and read a little twice.
      await atMost(leaveWithinMs, commits.settled());
      await atMost(leaveWithinMs, consumer.disconnect());
    },
    async startOffset(partition) {
      const offset = await withAdmin(deps.adminKafka, (admin) => startOffset(admin, group, topic, partition));
      lag.startsAt(partition, offset);
      return offset;
    },
    commit(partition, nextOffset) {
      lag.stored(partition, nextOffset);
      commits.commit(partition, nextOffset);
    },
    lag: lag.sum,
    pause: (partition) => consumer.pause([{ topic, partitions: [partition] }]),
    resume: (partition) => consumer.resume([{ topic, partitions: [partition] }]),
    seek: (partition, offset) => consumer.seek({ topic, partition, offset: String(offset) }),
    // Without a coordinator that answers, a fetch still gets through now and then: both must go on.
    lastSignMs: () => Math.min(lastFetchMs, lastHeartbeatMs),
    brokerAnswers: deps.brokerAnswers,
    failure: () => failure,
  };
}

function createConsumer({ group, sessionTimeoutMs }: KafkaGroupConfig, kafka: Kafka): Consumer {
  return kafka.consumer({
    groupId: group,
    allowAutoTopicCreation: false,
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: Math.max(60_000, sessionTimeoutMs),
    heartbeatInterval: Math.min(3000, Math.floor(sessionTimeoutMs / 5)),
    maxWaitTimeInMs: 250,
    metadataMaxAge: 30_000,
    retry: { retries: 10, initialRetryTime: 100, maxRetryTime: 2000 },
  });
}

/** A new connection each time: it is seldom needed, and one that is kept may lead to a broker that is frozen. */
async function withAdmin<T>(kafka: Kafka, ask: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin({ retry: { retries: 2 } });
  try {
    await admin.connect();
    return await ask(admin);
  } finally {
    void admin.disconnect().catch(() => {});
  }
}

/** Where to begin: the group's hint, unless the topic has lost what is there, or was made anew since. */
async function startOffset(admin: Admin, group: string, topic: string, partition: number): Promise<number> {
  const [hints, bounds] = await Promise.all([
    admin.fetchOffsets({ groupId: group, topics: [topic] }),
    admin.fetchTopicOffsets(topic),
  ]);
  const bound = bounds.find((each) => each.partition === partition);
  const hint = Number(hints[0]?.partitions.find((each) => each.partition === partition)?.offset ?? -1);
  const [low, high] = [Number(bound?.low ?? 0), Number(bound?.high ?? 0)];
  return hint < low || hint > high ? low : hint;
}
