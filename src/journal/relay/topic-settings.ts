import { type Admin, ConfigResourceTypes } from '../../platform/kafka/client.ts';

export interface TopicPlan {
  readonly topic: string;
  readonly partitions: number;
  readonly replication: number;
  readonly minInSync: number;
  readonly retentionMs: number;
  readonly compression: 'none' | 'gzip';
}

/**
 * Returns the topic configuration that prevents the loss of events. With this configuration, the broker sets the
 * timestamps. If a gateway with a wrong clock set them, the broker would reject events
 * (message.timestamp.after.max.ms) or expire them immediately.
 */
export function topicConfigs({
  minInSync,
  retentionMs,
  compression,
}: TopicPlan): Readonly<Record<string, string>> {
  return {
    'min.insync.replicas': String(minInSync),
    'retention.ms': String(retentionMs),
    'retention.bytes': '-1',
    'cleanup.policy': 'delete',
    // Makes the broker recompress messages of other producers, because kafkajs cannot read some codecs.
    'compression.type': compression === 'none' ? 'uncompressed' : compression,
    'message.timestamp.type': 'LogAppendTime',
    'unclean.leader.election.enable': 'false',
  };
}

/** Creates the topic. Returns false if it already exists. */
export async function createTopic(admin: Admin, plan: TopicPlan): Promise<boolean> {
  return admin.createTopics({
    waitForLeaders: true,
    topics: [
      {
        topic: plan.topic,
        numPartitions: plan.partitions,
        replicationFactor: plan.replication,
        configEntries: Object.entries(topicConfigs(plan)).map(([name, value]) => ({ name, value })),
      },
    ],
  });
}

/** Checks an existing topic. Returns one sentence per problem, with the fix. */
export async function checkTopic(admin: Admin, plan: TopicPlan): Promise<string[]> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [plan.topic] });
  const partitions = topics[0]?.partitions ?? [];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: plan.topic }],
  });
  const currentConfigs = new Map(
    resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]),
  );
  return [
    ...partitionFaults(plan, partitions),
    ...Object.entries(topicConfigs(plan))
      .filter(([name, value]) => !isAtLeast(name, currentConfigs.get(name), value))
      .map(
        ([name, value]) =>
          `${name} is ${currentConfigs.get(name) ?? 'not set'}: set it to ${value} with kafka-configs.`,
      ),
  ];
}

function partitionFaults(
  { partitions: plannedPartitions, replication }: TopicPlan,
  partitions: readonly { readonly replicas: readonly number[]; readonly leader: number }[],
): string[] {
  const faults: string[] = [];
  if (partitions.length < plannedPartitions)
    faults.push(
      `There are ${partitions.length} partitions: raise them to ${plannedPartitions} with kafka-topics --alter, or set KAFKA_PARTITIONS.`,
    );
  const replicas = Math.min(...partitions.map((partition) => partition.replicas.length));
  if (replicas < replication)
    faults.push(
      `A partition has ${replicas} of ${replication} replicas: reassign it, or set KAFKA_REPLICATION.`,
    );
  const leaderless = partitions.filter(({ leader }) => leader < 0).length;
  if (leaderless > 0)
    faults.push(`${leaderless} partitions have no leader: check that all brokers are running.`);
  return faults;
}

/** Returns whether the current value of a configuration is at least as safe as the planned value. */
function isAtLeast(name: string, current: string | undefined, planned: string): boolean {
  if (name === 'min.insync.replicas') return Number(current) >= Number(planned);
  if (name === 'retention.ms') return current === '-1' || Number(current) >= Number(planned);
  return current === planned;
}
