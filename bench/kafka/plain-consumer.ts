import { database } from '../../src/platform/clickhouse/client.ts';
import type { EachBatchPayload } from '../../src/platform/kafka/client.ts';
import { openKafka } from './client.ts';
import { openClient, type StoreAddress } from './store.ts';

/**
 * Input of the plain consumer, a simple at-least-once consumer for comparison. It collects rows of all partitions,
 * inserts them, and commits their offsets. While one batch is being inserted, it collects the next. After any failure
 * it exits and restarts at the last committed offset, so rows may be stored twice.
 */
export interface PlainConsumerInput {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly group: string;
  readonly store: StoreAddress;
  readonly rowsPerInsert: number;
}

const lingerMs = 200;
const { brokers, topic, group, store, rowsPerInsert }: PlainConsumerInput = JSON.parse(process.argv[2] ?? '');
const client = openClient(store, database);
const consumer = openKafka(brokers).consumer({
  groupId: group,
  allowAutoTopicCreation: false,
  maxWaitTimeInMs: 250,
});

let rows: object[] = [];
/** Next offset by partition. */
const offsets = new Map<number, string>();
let storing: Promise<void> = Promise.resolve();
let commit: EachBatchPayload['commitOffsetsIfNecessary'] | undefined;

await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  async eachBatch({ batch, commitOffsetsIfNecessary, heartbeat }) {
    commit = commitOffsetsIfNecessary;
    for (const { value, offset } of batch.messages) {
      rows.push(rowOf(JSON.parse(value?.toString() ?? '')));
      offsets.set(batch.partition, String(Number(offset) + 1));
      if (rows.length >= rowsPerInsert) await flush();
    }
    await heartbeat();
  },
});
setInterval(() => void flush(), lingerMs);

async function flush(): Promise<void> {
  await storing;
  if (rows.length === 0) return;
  const values = rows;
  const partitions = [...offsets].map(([partition, offset]) => ({ partition, offset }));
  rows = [];
  offsets.clear();
  storing = storeAndCommit(values, partitions);
}

async function storeAndCommit(
  values: object[],
  partitions: { partition: number; offset: string }[],
): Promise<void> {
  await client.insert({ table: 'session_events', format: 'JSONEachRow', values });
  await commit?.({ topics: [{ topic, partitions }] });
}

interface Message {
  readonly id: string;
  readonly source: string;
  readonly subject: string;
  readonly time: string;
  readonly sequence: string;
  readonly streampartition: number;
  readonly data: { readonly organisationId: string; readonly tags: string[]; readonly viewer: string };
}

function rowOf({ id, source, subject, time, sequence, streampartition, data }: Message): object {
  return {
    organisation_id: data.organisationId,
    configuration_id: subject,
    session_id: id,
    time: time.slice(0, -1).replace('T', ' '),
    tags: data.tags,
    viewer: data.viewer,
    producer: source.slice('/gateways/'.length),
    partition: streampartition,
    sequence,
  };
}
