import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../../src/access/audit/audit.ts';
import { createAuditBuffer } from '../../../../src/access/audit/audit-buffer.ts';
import { createManualClock } from '../../tokens/support/control.ts';

const entryOf = (target: string): AuditEntry => ({
  ...{ actor: 'api-token:a', action: 'token.request', target, result: 'OK', organisationId: 'default' },
  details: { status: 200 },
});

/** Creates a buffer for an audit log that can fail or block. */
function setUp() {
  const clock = createManualClock(Date.UTC(2026, 10, 21));
  const lines: AuditEntry[] = [];
  const log = { fails: false, hold: async () => {} };
  const buffer = createAuditBuffer({
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
  return { clock, log, buffer, lines, counts };
}

describe('createAuditBuffer', () => {
  it('writes one entry per target at each flush, with the count and the times of the first and last occurrence', async () => {
    const { clock, buffer, lines } = setUp();
    for (let index = 0; index < 3; index += 1) {
      buffer.note(entryOf('a'));
      clock.ms += 1000;
    }
    buffer.note(entryOf('b'));
    await buffer.flush();
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
    await buffer.flush();
    expect(lines).toHaveLength(2);
  });

  it('keeps entries while the store fails, and writes each entry once after the store recovers', async () => {
    const { log, buffer, counts } = setUp();
    buffer.note(entryOf('a'));
    buffer.note(entryOf('b'));
    log.fails = true;
    await expect(buffer.flush()).rejects.toThrow('away');
    buffer.note(entryOf('a'));
    log.fails = false;
    await buffer.flush();
    expect(counts().sort()).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('writes entries added during a flush in the next flush', async () => {
    const { log, buffer, counts } = setUp();
    let release = () => {};
    log.hold = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    buffer.note(entryOf('a'));
    const first = buffer.flush();
    await Promise.resolve();
    await Promise.resolve();
    buffer.note(entryOf('a'));
    log.fails = true;
    release();
    await expect(first).rejects.toThrow('away');
    log.hold = async () => {};
    log.fails = false;
    await buffer.flush();
    expect(counts()).toEqual([['a', 2]]);
  });

  it('keeps at most 10,000 distinct entries in memory', async () => {
    const { buffer, lines } = setUp();
    for (let index = 0; index < 12_000; index += 1) buffer.note(entryOf(String(index)));
    await buffer.flush();
    expect(lines).toHaveLength(10_000);
  });
});
