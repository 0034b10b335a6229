import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRecord } from '../../../../src/journal/log/record.ts';
import { createRetention } from '../../../../src/journal/log/retention.ts';
import { createMemoryRecordLog, type MemoryRecordLog } from '../../../support/memory-record-log.ts';

const bodyBytes = 1000;

async function logOf(counts: readonly number[]): Promise<MemoryRecordLog> {
  const log = createMemoryRecordLog();
  let position = 1;
  for (const count of counts) {
    const event = { partition: 0, sequence: 1, timeMs: 0, body: 'x'.repeat(bodyBytes) };
    await log.commit({
      put: { position, record: encodeRecord({ producer: 'p', events: Array(count).fill(event) }) },
    });
    position += count;
  }
  return log;
}

const positionsOf = (log: MemoryRecordLog) => log.records().map(({ position }) => position);

describe('the age of an acknowledged event', () => {
  it('is counted from its acknowledgement, not from the time of the event or of the next call', async () => {
    const retention = createRetention({ keepMs: 1000, limitBytes: 1e9 }, await logOf([1, 1, 1]));
    retention.note(1, 0);
    retention.note(3, 50_000);
    expect(retention.plan(3, 50_999)).toEqual([]);
    expect(retention.plan(3, 51_000)).toEqual([1, 2]);
  });

  it('is tracked separately for each acknowledgement', async () => {
    const retention = createRetention({ keepMs: 1000, limitBytes: 1e9 }, await logOf([1, 1, 1]));
    retention.note(2, 0);
    retention.note(4, 600);
    expect(retention.plan(4, 1000)).toEqual([1]);
    expect(retention.plan(4, 1599)).not.toContain(2);
    expect(retention.plan(4, 1600)).toContain(3);
  });

  it('is counted from the start of the process after a restart', async () => {
    const retention = createRetention({ keepMs: 1000, limitBytes: 1e9 }, await logOf([1, 1, 1]));
    retention.note(4, 7_000_000);
    expect(retention.plan(4, 7_000_999)).toEqual([]);
    expect(retention.plan(4, 7_001_000)).toEqual([1, 2, 3]);
  });

  it('is not shortened when the clock is set back', async () => {
    const retention = createRetention({ keepMs: 1000, limitBytes: 1e9 }, await logOf([1, 1, 1]));
    retention.note(2, 10_000);
    retention.note(4, 3000);
    expect(retention.plan(4, 9000)).toEqual([]);
  });
});

describe('a journal record', () => {
  it('is kept while one of its events is not acknowledged', async () => {
    const retention = createRetention({ keepMs: 0, limitBytes: 1 }, await logOf([5, 5]));
    retention.note(5, 0);
    expect(retention.plan(5, 10)).toEqual([]);
    expect(retention.plan(6, 10)).toEqual([1]);
    expect(retention.plan(10, 10)).toEqual([1]);
    expect(retention.plan(11, 10)).toEqual([1, 6]);
  });

  it('is scheduled for removal again if the commit that should remove it failed', async () => {
    const retention = createRetention({ keepMs: 1000, limitBytes: 1e9 }, await logOf([1, 1, 1]));
    retention.note(4, 0);
    expect(retention.plan(4, 1000)).toEqual([1, 2, 3]);
    expect(retention.plan(4, 2000)).toEqual([1, 2, 3]);
  });
});

describe('retention of a journal that uses 90 % of its limit', () => {
  const used = 10 * (bodyBytes + 24 + 6 + 1);

  it('removes acknowledged events before their retention time ends', async () => {
    const log = await logOf(Array(10).fill(1));
    expect(log.usedBytes()).toBe(used);
    const roomy = createRetention({ keepMs: 1000, limitBytes: Math.ceil(used / 0.9) }, log);
    expect(roomy.plan(5, 0)).toEqual([]);
    const crowded = createRetention({ keepMs: 1000, limitBytes: Math.floor(used / 0.9) }, log);
    expect(crowded.plan(5, 0)).toEqual([1, 2, 3, 4]);
  });

  it('keeps unacknowledged events', async () => {
    const retention = createRetention({ keepMs: 0, limitBytes: 1 }, await logOf(Array(10).fill(1)));
    expect(retention.plan(1, 1e9)).toEqual([]);
  });

  it('removes a limited number of records at a time, so that no commit becomes too large', async () => {
    const log = await logOf(Array(200).fill(1));
    const retention = createRetention({ keepMs: 1000, limitBytes: 1 }, log);
    for (const remaining of [136, 72, 8, 0]) {
      const remove = retention.plan(201, 0);
      expect(remove.length).toBeLessThanOrEqual(64);
      await log.commit({ remove });
      expect(positionsOf(log)).toHaveLength(remaining);
    }
  });
});

const anyTurn = fc.record({
  acknowledge: fc.nat(6),
  afterMs: fc.integer({ min: 0, max: 700 }),
  outcome: fc.constantFrom('done', 'done', 'failed', 'failed-but-done') as fc.Arbitrary<'done' | 'failed'>,
});

it('retention removes events only after they were acknowledged for long enough, and finally removes all events', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 30 }),
      fc.array(anyTurn),
      async (counts, turns) => {
        const keepMs = 1000;
        const log = await logOf(counts);
        const end = 1 + counts.reduce((sum, count) => sum + count, 0);
        const retention = createRetention({ keepMs, limitBytes: 1e9 }, log);
        const acknowledgedAt = new Map<number, number>();
        let acknowledged = 1;
        let nowMs = 0;
        for (const turn of [
          ...turns,
          ...Array(3).fill({ acknowledge: end, afterMs: 2 * keepMs, outcome: 'done' }),
        ]) {
          for (let step = 0; step < turn.acknowledge && acknowledged < end; step += 1) {
            acknowledgedAt.set(acknowledged, nowMs);
            acknowledged += 1;
          }
          retention.note(acknowledged, nowMs);
          nowMs += turn.afterMs;
          log.outcome = () => turn.outcome;
          const remove = retention.plan(acknowledged, nowMs);
          for (const position of remove) {
            const index = positionsOf(log).indexOf(position);
            const next = positionsOf(log)[index + 1] ?? end;
            expect(index).toBeGreaterThanOrEqual(0);
            for (let event = position; event < next; event += 1)
              expect(nowMs - (acknowledgedAt.get(event) ?? nowMs)).toBeGreaterThanOrEqual(keepMs);
          }
          await log.commit({ remove }).catch(() => {});
        }
        expect(positionsOf(log)).toEqual([]);
      },
    ),
  );
});
