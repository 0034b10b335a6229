import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../../src/access/audit/audit.ts';
import { createAuditBuffer } from '../../../../src/access/audit/audit-buffer.ts';
import { createMovedClock } from '../../tokens/support/control.ts';

const entryOf = (target: string): AuditEntry => ({
  ...{ actor: 'api-token:a', action: 'token.request', target, result: 'OK', organisationId: 'default' },
  details: { status: 200 },
});

/** Notes in front of a log that works, fails, or takes its time. */
function setUp() {
  const clock = createMovedClock(Date.UTC(2026, 10, 21));
  const lines: AuditEntry[] = [];
  const log = { fails: false, hold: async () => {} };
  const notes = createAuditBuffer({
    clock,
    audit: {
      async record(entry) {
        await log.hold();
        if (log.fails) throw new Error('away');
        lines.push(entry);
      },
    },
  });
  const counts = () => lines.map(({ target, details }) => [target, details['times']]);
  return { clock, log, notes, lines, counts };
}

describe('notes for the audit log', () => {
  it('are one line a flush, which says how often, from when and to when', async () => {
    const { clock, notes, lines } = setUp();
    for (let index = 0; index < 3; index += 1) {
      notes.note(entryOf('a'));
      clock.ms += 1000;
    }
    notes.note(entryOf('b'));
    await notes.flush();
    expect(lines).toMatchObject([
      {
        ...{ action: 'token.request', target: 'a', organisationId: 'default' },
        details: { status: 200, times: 3, from: '2026-11-21T00:00:00.000Z', to: '2026-11-21T00:00:02.000Z' },
      },
      {
        target: 'b',
        details: { times: 1, from: '2026-11-21T00:00:03.000Z', to: '2026-11-21T00:00:03.000Z' },
      },
    ]);
    await notes.flush();
    expect(lines).toHaveLength(2);
  });

  it('are kept while the store is away, and are told once', async () => {
    const { log, notes, counts } = setUp();
    notes.note(entryOf('a'));
    notes.note(entryOf('b'));
    log.fails = true;
    await expect(notes.flush()).rejects.toThrow('away');
    notes.note(entryOf('a'));
    log.fails = false;
    await notes.flush();
    expect(counts().sort()).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('that come while others are written are told with the next flush', async () => {
    const { log, notes, counts } = setUp();
    let release = () => {};
    log.hold = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    notes.note(entryOf('a'));
    const first = notes.flush();
    await Promise.resolve();
    await Promise.resolve();
    notes.note(entryOf('a'));
    log.fails = true;
    release();
    await expect(first).rejects.toThrow('away');
    log.hold = async () => {};
    log.fails = false;
    await notes.flush();
    expect(counts()).toEqual([['a', 2]]);
  });

  it('of too many kinds do not fill the memory', async () => {
    const { notes, lines } = setUp();
    for (let index = 0; index < 12_000; index += 1) notes.note(entryOf(String(index)));
    await notes.flush();
    expect(lines).toHaveLength(10_000);
  });
});
