import { expect, it } from 'vitest';
import { runKafkaFaults } from '../../support/faults/kafka/kafka-run.ts';
import { announceSeed } from '../../support/faults/random.ts';
import { describeServices } from '../../support/services/need.ts';

const seed = announceSeed();

describeServices('a stream that changes its shape and is told again', ['kafka', 'postgres'], () => {
  it('stays exact: 6 partitions become 12 under faults, then offsets are reset and deleted, and the topic copied', async () => {
    const { complaints, audit } = await runKafkaFaults({
      seed,
      brokers: 1,
      gateways: 2,
      consumers: 3,
      partitions: 6,
      raisePartitionsTo: 12,
      readAgain: true,
      exchanges: 20_000,
      faults: 10,
      concurrency: 16,
      progress: (line) => console.log(`[seed ${seed}] ${line}`),
    });
    console.log(`[seed ${seed}]`, audit.figures);
    expect(complaints).toEqual([]);
    expect(new Set(audit.stored.rows.map(({ partition }) => partition)).size).toBe(12);
  }, 900_000);
});
