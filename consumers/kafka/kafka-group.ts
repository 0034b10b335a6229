import { waitAtMost } from '../../src/platform/background/time-limit.ts';
import type { Consumer, EachBatchPayload, Kafka } from '../../src/platform/kafka/client.ts';
import type { Logger } from '../../src/platform/logger.ts';
import { type Commits, createCommits } from './commits.ts';
import { type GroupName, readStartOffset } from './group-offsets.ts';
import { toSourceMessage } from './kafka-message.ts';
import { createLag, type Lag } from './lag.ts';
import type { FetchedMessages, PartitionFeed } from './partition-feed.ts';
import type { FetchingClient } from './stall-watch.ts';

export interface KafkaGroupConfig extends GroupName {
  readonly sessionTimeoutMs: number;
}

export interface KafkaGroupDeps {
  /** Kafka client that only the consumer uses. The admin client belongs to `adminKafka`. */
  readonly consumerKafka: Kafka;
  readonly adminKafka: Kafka;
  /** Returns whether a broker responds on a new connection. */
  readonly brokerAnswers: () => Promise<boolean>;
  readonly logger: Logger;
}

/**
 * Receives partition assignments and fetched messages. The methods must not throw, because some errors stop kafkajs
 * permanently (docs/explanation/kafka.md).
 */
export interface KafkaGroupListener {
  assign(partitions: readonly number[]): void;
  offer(partition: number, fetched: FetchedMessages): void;
}

export interface KafkaGroup extends PartitionFeed, FetchingClient {
  start(listener: KafkaGroupListener): Promise<void>;
  stop(): Promise<void>;
  /**
   * Returns how many messages in this process's partitions are not known to be stored, as of each partition's last
   * fetch.
   */
  lag(): number;
  /** Returns the lag of each partition of this process, as of the last fetch. */
  lagByPartition: Lag['byPartition'];
}

/**
 * Maximum time to wait for the commits, and then for the disconnect, during shutdown. Without a limit, a frozen
 * broker would delay the shutdown.
 */
const leaveWithinMs = 3000;

/** kafkajs sets `fetchedOffset`, but its types omit it. */
type FetchedBatch = EachBatchPayload['batch'] & { readonly fetchedOffset: string };

interface GroupState {
  readonly topic: string;
  readonly consumer: Consumer;
  readonly logger: Logger;
  readonly lag: Lag;
  readonly commits: Commits;
  /** Commits offsets through the latest batch. Undefined before the first batch. */
  commitOffsets: EachBatchPayload['commitOffsetsIfNecessary'] | undefined;
  lastFetchMs: number;
  lastHeartbeatMs: number;
  failure: Error | undefined;
}

/**
 * Creates a member of a kafkajs consumer group. watmeter relies on only two functions of kafkajs: the group assigns
 * partitions to this process, and the client pushes fetched messages. Committed offsets only determine where reading
 * starts. The event store decides which process owns a partition (docs/explanation/kafka.md).
 */
export function createKafkaGroup(config: KafkaGroupConfig, deps: KafkaGroupDeps): KafkaGroup {
  const group = createGroupState(config, deps);
  const { topic, consumer, lag, commits } = group;
  return {
    start: (listener) => startGroup(group, listener),
    async stop() {
      // Without the last commits, the other members would read some messages again. Without the disconnect, they
      // would wait for the session timeout.
      await waitAtMost(leaveWithinMs, commits.settled());
      await waitAtMost(leaveWithinMs, consumer.disconnect());
    },
    async startOffset(partition) {
      const offset = await readStartOffset(deps.adminKafka, config, partition);
      lag.startsAt(partition, offset);
      return offset;
    },
    commit(partition, nextOffset) {
      lag.stored(partition, nextOffset);
      commits.commit(partition, nextOffset);
    },
    lag: lag.sum,
    lagByPartition: lag.byPartition,
    pause: (partition) => consumer.pause([{ topic, partitions: [partition] }]),
    resume: (partition) => consumer.resume([{ topic, partitions: [partition] }]),
    seek: (partition, offset) => consumer.seek({ topic, partition, offset: String(offset) }),
    // The older of the two times, because a client whose coordinator does not respond still fetches occasionally.
    lastSignMs: () => Math.min(group.lastFetchMs, group.lastHeartbeatMs),
    brokerAnswers: deps.brokerAnswers,
    failure: () => group.failure,
  };
}

function createGroupState(config: KafkaGroupConfig, { consumerKafka, logger }: KafkaGroupDeps): GroupState {
  const { topic } = config;
  const group: GroupState = {
    ...{ topic, logger, consumer: createConsumer(config, consumerKafka), lag: createLag() },
    commits: createCommits(async (partition, offset) => {
      // Commits explicit offsets with the function of a batch. The other ways to commit can lose commits or stop the
      // consumer.
      await group.commitOffsets?.({
        topics: [{ topic, partitions: [{ partition, offset: String(offset) }] }],
      });
    }, logger),
    ...{ commitOffsets: undefined, failure: undefined },
    ...{ lastFetchMs: performance.now(), lastHeartbeatMs: performance.now() },
  };
  return group;
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

async function startGroup(group: GroupState, listener: KafkaGroupListener): Promise<void> {
  const { consumer, topic } = group;
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  watchClient(group);
  watchAssignment(group, listener);
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: 4,
    async eachBatch({ batch, commitOffsetsIfNecessary }) {
      group.commitOffsets = commitOffsetsIfNecessary;
      offerBatch(group, batch as FetchedBatch, listener);
    },
  });
}

function watchClient(group: GroupState): void {
  const { consumer, logger } = group;
  const { events } = consumer;
  consumer.on(events.FETCH, () => {
    group.lastFetchMs = performance.now();
  });
  consumer.on(events.HEARTBEAT, () => {
    group.lastHeartbeatMs = performance.now();
  });
  consumer.on(events.CRASH, ({ payload: { error, restart } }) => {
    logger.error({ err: error, restart }, 'the Kafka client crashed');
    if (!restart) group.failure = error;
  });
}

function watchAssignment(group: GroupState, listener: KafkaGroupListener): void {
  const { consumer, topic, lag, commits, logger } = group;
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    const partitions = payload.memberAssignment[topic] ?? [];
    lag.keepOnly(partitions);
    commits.keepOnly(partitions);
    logger.info({ partitions }, 'joined the consumer group');
    listener.assign(partitions);
  });
}

function offerBatch({ lag }: GroupState, batch: FetchedBatch, listener: KafkaGroupListener): void {
  const { partition } = batch;
  const highWatermark = Number(batch.highWatermark);
  lag.fetched(partition, Number(batch.firstOffset() ?? 0), highWatermark);
  listener.offer(partition, {
    messages: batch.messages.map(toSourceMessage),
    fetchedOffset: Number(batch.fetchedOffset),
    highWatermark,
  });
}
