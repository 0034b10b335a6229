import { expect, it } from 'vitest';
import { runKafkaFaults } from '../../support/faults/kafka/kafka-run.ts';
import { announceSeed, createRandom } from '../../support/faults/random.ts';
import { describeServices } from '../../support/services/need.ts';

const seed = announceSeed();
const runs = Number(process.env['FAULT_RUNS'] ?? 1);
const faults = Number(process.env['FAULT_COUNT'] ?? 40);
const exchanges = Number(process.env['FAULT_EXCHANGES'] ?? 100_000);
const seeds = createRandom(seed);
// The first run uses the printed seed unchanged, so that each run can be repeated alone.
const runSeeds = Array.from({ length: runs }, (_, run) => (run === 0 ? seed : seeds.integer(0, 2 ** 32)));

describeServices('two gateways, Kafka and three consumers under random faults', ['kafka', 'postgres'], () => {
  it.each(
    runSeeds.flatMap((runSeed) => [
      // Three brokers can fail in more ways. The long run and reread-topic.test.ts also use a single broker.
      { runSeed, brokers: 3 as const },
      ...(process.env['FAULT_RUNS'] === undefined ? [] : [{ runSeed, brokers: 1 as const }]),
    ]),
  )(
    'loses no event and stores none twice: $brokers broker(s), seed $runSeed',
    async ({ runSeed, brokers }) => {
      const { violations, audit } = await runKafkaFaults({
        seed: runSeed,
        brokers,
        gateways: 2,
        consumers: 3,
        partitions: 6,
        exchanges,
        faults,
        concurrency: 16,
        progress: (line) => console.log(`[seed ${runSeed}, ${brokers} broker(s)] ${line}`),
      });
      console.log(`[seed ${runSeed}]`, audit.figures);
      expect(violations).toEqual([]);
      expect(audit.figures.answered).toBeGreaterThanOrEqual(exchanges);
    },
    1_200_000,
  );
});
