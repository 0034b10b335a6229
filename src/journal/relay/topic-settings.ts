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
 * What the topic must be so that nothing is lost in it. Time is the broker's: a gateway whose clock is off would else
 * be refused by the broker (message.timestamp.after.max.ms), or its events would expire at once.
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
    // Whatever another producer chooses: kafkajs stops at codecs that it does not have.
    'compression.type': compression === 'none' ? 'uncompressed' : compression,
    'message.timestamp.type': 'LogAppendTime',
    'unclean.leader.election.enable': 'false',
  };
}

/** @returns false when the topic is there already. */
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

/** What is wrong with a topic that is there, one sentence each, with the fix. */
export async function checkTopic(admin: Admin, plan: TopicPlan): Promise<string[]> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [plan.topic] });
  const partitions = topics[0]?.partitions ?? [];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: plan.topic }],
  });
  const found = new Map(
    resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]),
  );
  return [
    ...partitionFaults(plan, partitions),
    ...Object.entries(topicConfigs(plan))
      .filter(([name, value]) => !isAsGood(name, found.get(name), value))
      .map(
        ([name, value]) =>
          `${name} is ${found.get(name) ?? 'not set'}: set it to ${value} with kafka-configs.`,
      ),
  ];
}

function partitionFaults(
  { partitions: wanted, replication }: TopicPlan,
  partitions: readonly { readonly replicas: readonly number[]; readonly leader: number }[],
): string[] {
  const faults: string[] = [];
  if (partitions.length < wanted)
    faults.push(
      `There are ${partitions.length} partitions: raise them to ${wanted} with kafka-topics --alter, or set KAFKA_PARTITIONS.`,
    );
  const replicas = Math.min(...partitions.map((partition) => partition.replicas.length));
  if (replicas < replication)
    faults.push(
      `A partition has ${replicas} of ${replication} replicas: reassign it, or set KAFKA_REPLICATION.`,
    );
  const leaderless = partitions.filter(({ leader }) => leader < 0).length;
  if (leaderless > 0) faults.push(`${leaderless} partitions have no leader: are all brokers up?`);
  return faults;
}

/** More safety than asked for is no fault. */
function isAsGood(name: string, found: string | undefined, wanted: string): boolean {
  if (name === 'min.insync.replicas') return Number(found) >= Number(wanted);
  if (name === 'retention.ms') return found === '-1' || Number(found) >= Number(wanted);
  return found === wanted;
}
