import { expect, it } from 'vitest';
import { runKills } from '../support/faults/kill-run.ts';
import { announceSeed } from '../support/faults/random.ts';
import { createTemplate } from '../support/faults/template.ts';

/** The short sister of test/faults/kills.test.ts. */
it('loses nothing and counts nothing twice over three kills under load', { timeout: 60_000 }, async () => {
  const template = await createTemplate();
  try {
    const result = await runKills(
      { seed: announceSeed(), exchanges: 600, kills: 3, concurrency: 64, progress: () => {} },
      template,
    );
    expect(result.complaints).toEqual([]);
    expect(result.audit.figures.answered).toBeGreaterThanOrEqual(600);
    expect(result.compared).toBeGreaterThan(50);
  } finally {
    template.remove();
  }
});
