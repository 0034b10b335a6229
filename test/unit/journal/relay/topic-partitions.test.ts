import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTopicPartitions } from '../../../../src/journal/relay/topic-partitions.ts';
import type { Kafka } from '../../../../src/platform/kafka/client.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

/**
 * Creates a Kafka client. Each admin connection uses the next result: a number of partitions, or undefined for a
 * connection that never settles.
 */
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

it('a refresh of the partition count fails after the time limit if its connection never settles, and the next refresh succeeds', async () => {
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
