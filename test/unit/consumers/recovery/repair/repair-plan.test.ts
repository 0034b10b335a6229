import { describe, expect, it } from 'vitest';
import type {
  IntegrityFindings,
  IntegrityReport,
} from '../../../../../consumers/recovery/integrity/model/report.ts';
import type { PlacedRow } from '../../../../../consumers/recovery/integrity/store/integrity-store.ts';
import { planRepair } from '../../../../../consumers/recovery/repair/repair-plan.ts';
import { identityKey } from '../../../../../consumers/store/stream-state.ts';
import type { SessionEvent } from '../../../../../src/events/session-event.ts';
import { sessionEvent } from '../../../../support/arbitrary-events.ts';

const noFindings: IntegrityFindings = {
  holes: [],
  doubledEvents: [],
  doubledSessions: [],
  differingRows: [],
  driftedProjections: [],
  isCutShort: false,
};
const reportOf = (findings: Partial<IntegrityFindings> = {}) =>
  ({ findings: { ...noFindings, ...findings } }) as unknown as IntegrityReport;
const rowAt = (event: SessionEvent, offset: number, month = 202611): PlacedRow => ({
  ...{ event, month, part: `${month}_1_1_0`, offset },
});
const accepted = (...events: SessionEvent[]) => new Map(events.map((event) => [identityKey(event), event]));
const event = sessionEvent({ sequence: 7 });
const name = { producer: event.producer, partition: event.partition };

describe('planRepair for the rows of one event', () => {
  it('keeps the first of equal rows, whether or not a journal contains the event', () => {
    const rows = [rowAt(event, 0), rowAt(event, 1), rowAt(event, 2)];
    for (const known of [accepted(), accepted(event)])
      expect(planRepair({ report: reportOf(), doubled: [rows], differing: [] }, known)).toEqual({
        remove: rows.slice(1),
        fill: [],
        left: [],
      });
  });

  it('keeps the row that equals the journal entry', () => {
    const other = rowAt({ ...event, timeMs: event.timeMs - 30 * 86_400_000 }, 0, 202610);
    const rows = [other, rowAt(event, 1)];
    const plan = planRepair({ report: reportOf(), doubled: [rows], differing: [other] }, accepted(event));
    expect(plan).toEqual({ remove: [other], fill: [], left: [] });
  });

  it('removes all rows and stores the event again if none equals the journal entry', () => {
    const rows = [rowAt({ ...event, tags: ['a'] }, 0), rowAt({ ...event, tags: ['b'] }, 1)];
    const plan = planRepair({ report: reportOf(), doubled: [rows], differing: rows }, accepted(event));
    expect(plan).toEqual({ remove: rows, fill: [{ ...name, first: 7, last: 7 }], left: [] });
  });

  it('keeps rows that differ if no journal contains the event', () => {
    const rows = [rowAt({ ...event, tags: ['a'] }, 0), rowAt({ ...event, tags: ['b'] }, 1)];
    const plan = planRepair({ report: reportOf(), doubled: [rows], differing: [] }, accepted());
    expect(plan).toMatchObject({
      remove: [],
      fill: [],
      left: [expect.stringContaining('producer-1 partition 0 7')],
    });
  });

  it('replaces a single row that differs from the journal', () => {
    const row = rowAt({ ...event, tags: ['a'] }, 0);
    const plan = planRepair({ report: reportOf(), doubled: [], differing: [row] }, accepted(event));
    expect(plan).toEqual({ remove: [row], fill: [{ ...name, first: 7, last: 7 }], left: [] });
  });
});

it('planRepair fills adjacent missing ranges from the journals, and reports ranges that no journal can fill', () => {
  const holes = [
    { ...name, first: 2, last: 6, inJournal: true },
    { ...name, first: 9, last: 9, inJournal: false },
  ];
  const row = rowAt({ ...event, tags: ['a'] }, 0);
  const plan = planRepair({ report: reportOf({ holes }), doubled: [], differing: [row] }, accepted(event));
  expect(plan.fill).toEqual([{ ...name, first: 2, last: 7 }]);
  expect(plan.left).toEqual([expect.stringMatching(/9\.\.9 is missing/)]);
});
