import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runKills } from '../support/faults/kill-run.ts';
import { announceSeed, createRandom } from '../support/faults/random.ts';
import { createTemplate, type Template } from '../support/faults/template.ts';

const runs = Number(process.env['FAULT_RUNS'] ?? 1);
const seed = announceSeed();
const seeds = createRandom(seed);

describe('a process that is killed at random times', () => {
  let template: Template;
  beforeAll(async () => {
    template = await createTemplate();
  });
  afterAll(() => template.remove());

  // The first run uses the printed seed unchanged, so that each run can be repeated alone.
  for (const [run, runSeed] of Array.from({ length: runs }, (_, index) =>
    index === 0 ? seed : seeds.integer(0, 2 ** 32),
  ).entries()) {
    it(`stores 10,000 exchanged sessions exactly once across 20 kills, run ${run + 1} of ${runs}, seed ${runSeed}`, async () => {
      const result = await runKills(
        {
          seed: runSeed,
          exchanges: 10_000,
          kills: 20,
          concurrency: 64,
          progress: (line) => console.log(`[seed ${runSeed}] ${line}`),
        },
        template,
      );
      const { figures } = result.audit;
      console.log(`[seed ${runSeed}]`, { ...figures, watched: result.watched, compared: result.compared });
      expect(result.violations).toEqual([]);
      expect(figures.answered).toBeGreaterThanOrEqual(10_000);
      expect(figures.producers).toBeGreaterThan(5);
    });
  }
});
