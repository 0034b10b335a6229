import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SinkFailpoint, sinkFailpoints } from '../../consumers/declarations/failpoints.ts';
import { type JournalFailpoint, journalFailpoints } from '../../src/journal/declarations/failpoints.ts';
import { call } from '../support/api.ts';
import type { Books } from '../support/faults/books.ts';
import { withFaultCase } from '../support/faults/fault-case.ts';
import { waitUntilStored } from '../support/faults/instance.ts';
import { seedJournal, seedUnreadable } from '../support/faults/seed-journal.ts';
import { createTemplate, type Template } from '../support/faults/template.ts';

/** A process that dies at a step of the delivery path, at its first passage, its second and a later one. */
describe('the process is killed at a failpoint', () => {
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

  it.each(cases)('$name, passage $passage', ({ name, passage }) =>
    withFaultCase(template, `${name}-${passage}`, async ({ instance, books, client, finish }) => {
      const needsLetters = name === 'dead-letter.after';
      if (needsLetters) await seedLetters(instance.dataDir, books);
      await instance.spawn({
        env: {
          DANGEROUS_FAILPOINT: `${name}:${passage}`,
          SINK_LINGER: '10ms',
          // Few, so that the letters are in several batches.
          SINK_MAX_ROWS: needsLetters ? '2' : '50000',
        },
      });
      let goal = Number.POSITIVE_INFINITY;
      const load = client.run(() => books.answered.size >= goal);
      expect(await instance.ended()).toBe('SIGKILL');

      await instance.start();
      goal = books.answered.size + 150;
      await load;
      await waitUntilStored(instance);
      const duplicates = await readMetric(instance.url, 'watmeter_sink_duplicates_total');
      const { complaints, audit } = await finish({ deadLetters: needsLetters ? deadLetters : 0 });
      console.log(`${name}:${passage}`, { ...audit.figures, duplicates });

      expect(complaints).toEqual([]);
      expect(books.refused).toEqual([]);
      expectTraces(name, { duplicates, storedUnanswered: audit.figures.storedUnanswered });
    }),
  );

  /** Letters between readable events, in the journal before the start. */
  async function seedLetters(dataDir: string, books: Books): Promise<void> {
    const some = [{ timeMs: Date.now() - 60_000, sessions: 7 }];
    await seedJournal(dataDir, books, some);
    await seedUnreadable(dataDir, 'unreadable', deadLetters);
    await seedJournal(dataDir, books, some);
  }

  /** The fault was where it should be: what the dead process had done is seen by the next one. */
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
