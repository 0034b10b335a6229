import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Books } from '../support/faults/books.ts';
import { withFaultCase } from '../support/faults/fault-case.ts';
import { describePlanted } from '../support/faults/privileges.ts';
import { seedJournal } from '../support/faults/seed-journal.ts';
import { plantAt } from '../support/faults/strace.ts';
import { tableDirectory } from '../support/faults/table-directory.ts';
import { createTemplate, type Template } from '../support/faults/template.ts';

/**
 * One insert that reaches over a month's end makes two parts. Something goes wrong at each of the two renames that
 * make them visible, and at the writes before: one part may be there without the other.
 */
describePlanted('an insert over two months breaks', ['strace'], () => {
  let template: Template;
  beforeAll(async () => {
    template = await createTemplate();
  });
  afterAll(() => template.remove());

  // The first month's second half minute and the next one's first, both past.
  const monthStartMs = Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth());
  const firstMonth = '1';
  const secondMonth = '2';

  /** Where it breaks: which part of the insert, which call, which file in it ('' is the part itself). */
  const places = [
    { part: firstMonth, syscalls: ['rename'], file: '/' },
    { part: secondMonth, syscalls: ['rename'], file: '/' },
    { part: firstMonth, syscalls: ['mkdir'], file: '' },
    { part: secondMonth, syscalls: ['mkdir'], file: '' },
    { part: firstMonth, syscalls: ['write'], file: '/data.bin' },
    { part: secondMonth, syscalls: ['write'], file: '/ledger.proj/data.bin' },
    { part: secondMonth, syscalls: ['write'], file: '/checksums.txt' },
    { part: firstMonth, syscalls: ['fdatasync', 'fsync'], file: '/data.bin' },
    { part: secondMonth, syscalls: ['fdatasync', 'fsync'], file: '/checksums.txt' },
  ];
  const faults = [
    { fault: 'SIGKILL', planted: { kind: 'kill' } },
    { fault: 'ENOSPC', planted: { kind: 'error', error: 'ENOSPC' } },
  ] as const;
  const cases = places.flatMap((place) =>
    faults.map((fault) => ({
      ...place,
      ...fault,
      name: `${fault.fault} at ${place.syscalls[0]} of part ${place.part}${place.file}`,
    })),
  );

  it.each(cases)('$name', ({ name, part, syscalls, file, planted }) =>
    withFaultCase(template, name, async ({ instance, books, answerMore, finish }) => {
      await seedTwoMonths(instance.dataDir, books);
      const path = `${tableDirectory(instance.dataDir)}/${temporaryPart(part)}${file}`;
      await instance.spawn({ prefix: plantAt(syscalls, path, planted) });
      if (planted.kind === 'kill') {
        expect(await instance.ended()).toBe('SIGKILL');
        const left = readdirSync(tableDirectory(instance.dataDir)).filter((entry) =>
          /^(tmp_|\d{6}_)/.test(entry),
        );
        console.log(`${name}: left ${left.join(' ')}`);
        await instance.start();
      }
      await instance.waitUntilLive();
      await answerMore(50);
      const { complaints, audit } = await finish();
      console.log(name, { ...audit.figures, months: audit.stored.months.join(' ') });
      expect(complaints).toEqual([]);
      expect(books.refused).toEqual([]);
      // The fault was there: it was met, and overcome.
      if (planted.kind === 'error') expect(instance.output()).toContain('the sink could not store');
      expect(audit.stored.months).toEqual(expect.arrayContaining([monthBefore(), monthOf(monthStartMs)]));
    }),
  );

  /** Two producers, one of which is in both months; all of it is one batch of the sink. */
  async function seedTwoMonths(dataDir: string, books: Books): Promise<void> {
    await seedJournal(dataDir, books, [{ timeMs: monthStartMs - 20_000, sessions: 80 }]);
    await seedJournal(dataDir, books, [
      { timeMs: monthStartMs - 1, sessions: 120 },
      { timeMs: monthStartMs, sessions: 120 },
    ]);
  }

  function monthOf(timeMs: number): string {
    return new Date(timeMs).toISOString().slice(0, 7).replace('-', '');
  }

  function monthBefore(): string {
    return monthOf(monthStartMs - 1);
  }

  /** The first insert into a new table takes the block numbers 1 and 2. */
  function temporaryPart(part: string): string {
    return `tmp_insert_${part === firstMonth ? monthBefore() : monthOf(monthStartMs)}_${part}_${part}_0`;
  }
});
