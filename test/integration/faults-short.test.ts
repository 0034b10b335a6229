import { expect, it } from 'vitest';
import { runKills } from '../support/faults/kill-run.ts';
import { announceSeed } from '../support/faults/random.ts';
import { createTemplate } from '../support/faults/template.ts';

/** A short version of test/faults/kills.test.ts for `npm test`. */
it('three process kills under load neither lose a session nor count a session twice', {
  timeout: 180_000,
}, async () => {
  const template = await createTemplate();
  try {
    const result = await runKills(
      { seed: announceSeed(), exchanges: 600, kills: 3, concurrency: 64, progress: () => {} },
      template,
    );
    expect(result.violations).toEqual([]);
    expect(result.audit.figures.answered).toBeGreaterThanOrEqual(600);
    expect(result.compared).toBeGreaterThan(50);
  } finally {
    template.remove();
  }
});
