import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExchangeLog } from '../support/faults/exchange-log.ts';
import { withFaultCase } from '../support/faults/fault-case.ts';
import { describeFaultInjection } from '../support/faults/privileges.ts';
import { seedJournal } from '../support/faults/seed-journal.ts';
import { injectAt } from '../support/faults/strace.ts';
import { tableDirectory } from '../support/faults/table-directory.ts';
import { createTemplate, type Template } from '../support/faults/template.ts';

/**
 * An insert that spans two months creates two parts. A fault hits one of the two renames that publish them, or an
 * earlier write. One part may then exist without the other.
 */
describeFaultInjection('an insert that spans two months', ['strace'], () => {
  let template: Template;
  beforeAll(async () => {
    template = await createTemplate();
  });
  afterAll(() => template.remove());

  // Both times are in the past: one shortly before the current month, one at its start.
  const monthStartMs = Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth());
  const firstMonth = '1';
  const secondMonth = '2';

  /**
   * The locations of faults: the table part of the insert, the system call, and the file ('' means the directory of the
   * part).
   */
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
    { fault: 'SIGKILL', injected: { kind: 'kill' } },
    { fault: 'ENOSPC', injected: { kind: 'error', error: 'ENOSPC' } },
  ] as const;
  const cases = places.flatMap((place) =>
    faults.map((fault) => ({
      ...place,
      ...fault,
      name: `${fault.fault} at ${place.syscalls[0]} of part ${place.part}${place.file}`,
    })),
  );

  it.each(cases)('is stored exactly once after $name', ({ name, part, syscalls, file, injected }) =>
    withFaultCase(template, name, async ({ instance, exchangeLog, answerMore, finish }) => {
      await seedTwoMonths(instance.dataDir, exchangeLog);
      const path = `${tableDirectory(instance.dataDir)}/${temporaryPart(part)}${file}`;
      await instance.spawn({ prefix: injectAt(syscalls, path, injected) });
      if (injected.kind === 'kill') {
        expect(await instance.ended()).toBe('SIGKILL');
        const left = readdirSync(tableDirectory(instance.dataDir)).filter((entry) =>
          /^(tmp_|\d{6}_)/.test(entry),
        );
        console.log(`${name}: left ${left.join(' ')}`);
        await instance.start();
      }
      await instance.waitUntilLive();
      await answerMore(50);
      const { violations, audit } = await finish();
      console.log(name, { ...audit.figures, months: audit.stored.months.join(' ') });
      expect(violations).toEqual([]);
      expect(exchangeLog.refused).toEqual([]);
      // The fault must have happened, and the sink must have recovered from it.
      if (injected.kind === 'error') expect(instance.output()).toContain('the sink could not store');
      expect(audit.stored.months).toEqual(expect.arrayContaining([monthBefore(), monthOf(monthStartMs)]));
    }),
  );

  /** Writes events of two producers, one of them in both months. The sink stores all of them in one batch. */
  async function seedTwoMonths(dataDir: string, exchangeLog: ExchangeLog): Promise<void> {
    await seedJournal(dataDir, exchangeLog, [{ timeMs: monthStartMs - 20_000, sessions: 80 }]);
    await seedJournal(dataDir, exchangeLog, [
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

  /** Returns the name of a temporary part. The first insert into a new table uses block numbers 1 and 2. */
  function temporaryPart(part: string): string {
    return `tmp_insert_${part === firstMonth ? monthBefore() : monthOf(monthStartMs)}_${part}_${part}_0`;
  }
});
