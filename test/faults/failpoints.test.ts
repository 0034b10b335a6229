import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SinkFailpoint, sinkFailpoints } from '../../consumers/declarations/failpoints.ts';
import { type JournalFailpoint, journalFailpoints } from '../../src/journal/declarations/failpoints.ts';
import { call } from '../support/api.ts';
import type { ExchangeLog } from '../support/faults/exchange-log.ts';
import { withFaultCase } from '../support/faults/fault-case.ts';
import { waitUntilStored } from '../support/faults/instance.ts';
import { seedJournal, seedUnreadable } from '../support/faults/seed-journal.ts';
import { createTemplate, type Template } from '../support/faults/template.ts';

/** Kills the process at the first, the second and a later hit of each failpoint. */
describe('a process that is killed at a failpoint', () => {
  let template: Template;
  beforeAll(async () => {
    template = await createTemplate();
  });
  afterAll(() => template.remove());

  const deadLetters = 12;
  const passages = (name: JournalFailpoint | SinkFailpoint) =>
    name.startsWith('append') ? [1, 2, 25] : [1, 2, 5];
  const cases = [...journalFailpoints, ...sinkFailpoints].flatMap((name) =>
    passages(name).map((passage) => ({ name, passage })),
  );

  it.each(cases)('stores every acknowledged session exactly once: $name, hit $passage', ({ name, passage }) =>
    withFaultCase(template, `${name}-${passage}`, async ({ instance, exchangeLog, client, finish }) => {
      const needsLetters = name === 'dead-letter.after';
      if (needsLetters) await seedLetters(instance.dataDir, exchangeLog);
      await instance.spawn({
        env: {
          DANGEROUS_FAILPOINT: `${name}:${passage}`,
          SINK_LINGER: '10ms',
          // A small limit makes the dead letters span several batches.
          SINK_MAX_ROWS: needsLetters ? '2' : '50000',
        },
      });
      let goal = Number.POSITIVE_INFINITY;
      const load = client.run(() => exchangeLog.answered.size >= goal);
      expect(await instance.ended()).toBe('SIGKILL');

      await instance.start();
      goal = exchangeLog.answered.size + 150;
      await load;
      await waitUntilStored(instance);
      const duplicates = await readMetric(instance.url, 'watmeter_sink_duplicates_total');
      const { violations, audit } = await finish({ deadLetters: needsLetters ? deadLetters : 0 });
      console.log(`${name}:${passage}`, { ...audit.figures, duplicates });

      expect(violations).toEqual([]);
      expect(exchangeLog.refused).toEqual([]);
      expectTraces(name, { duplicates, storedUnanswered: audit.figures.storedUnanswered });
    }),
  );

  /** Writes unreadable entries between readable entries into the journal, before the process starts. */
  async function seedLetters(dataDir: string, exchangeLog: ExchangeLog): Promise<void> {
    const seeded = [{ timeMs: Date.now() - 60_000, sessions: 7 }];
    await seedJournal(dataDir, exchangeLog, seeded);
    await seedUnreadable(dataDir, 'unreadable', deadLetters);
    await seedJournal(dataDir, exchangeLog, seeded);
  }

  /** Checks that the fault happened at the right step: the restarted process finds the work of the killed process. */
  function expectTraces(
    name: JournalFailpoint | SinkFailpoint,
    seen: { duplicates: number; storedUnanswered: number },
  ): void {
    if (name === 'append.committed') expect(seen.storedUnanswered).toBeGreaterThan(0);
    if (name === 'insert.after' || name === 'hint.before') expect(seen.duplicates).toBeGreaterThan(0);
  }
});

async function readMetric(url: string, name: string): Promise<number> {
  const { text } = await call(url, 'GET', '/metrics');
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}
