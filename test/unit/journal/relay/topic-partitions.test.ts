import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTopicPartitions } from '../../../../src/journal/relay/topic-partitions.ts';
import type { Kafka } from '../../../../src/platform/kafka/client.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

/** Creates a client whose admin connections take the results in turn. Undefined: the connection never settles. */
function createKafka(results: (number | undefined)[]): Kafka {
  const admin = () => {
    const partitions = results.shift();
    const never = new Promise<void>(() => {});
    return {
      connect: () => (partitions === undefined ? never : Promise.resolve()),
      disconnect: () => (partitions === undefined ? never : Promise.resolve()),
      fetchTopicMetadata: async () => ({ topics: [{ partitions: Array(partitions) }] }),
    };
  };
  return { admin } as unknown as Kafka;
}

it('a refresh whose connection never settles fails after its time limit, and the next one reads the number', async () => {
  const file = join(temporaryDirectory('partitions'), 'topic-partitions');
  const partitions = createTopicPartitions(
    { topic: 't', file, timeoutMs: 100 },
    createKafka([6, undefined, 12]),
  );
  await partitions.refresh();
  expect(partitions.count()).toBe(6);
  await expect(partitions.refresh()).rejects.toThrow('within 100 ms');
  expect(partitions.count()).toBe(6);
  await partitions.refresh();
  expect([partitions.count(), readFileSync(file, 'utf8')]).toEqual([12, '12']);
});
