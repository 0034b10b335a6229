import { expect, it } from 'vitest';
import { runKafkaFaults } from '../../support/faults/kafka/kafka-run.ts';
import { announceSeed } from '../../support/faults/random.ts';
import { describeServices } from '../../support/services/need.ts';

const seed = announceSeed();

describeServices('a cluster whose topic grows and is reread', ['kafka', 'postgres'], () => {
  it('does not lose a session or count a session twice while 6 partitions become 12 under faults, and after its offsets are reset or deleted or its topic is copied', async () => {
    const { violations, audit } = await runKafkaFaults({
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
    expect(violations).toEqual([]);
    expect(new Set(audit.stored.rows.map(({ partition }) => partition)).size).toBe(12);
  }, 900_000);
});
