import { beforeEach, describe, expect, it } from 'vitest';
import { createDeadLetter } from '../../../consumers/dead-letter/dead-letter.ts';
import { inspect } from '../../../consumers/recovery/integrity/check.ts';
import { acceptedOf } from '../../../consumers/recovery/repair/accepted-events.ts';
import { repairUntilDone } from '../../../consumers/recovery/repair/repair-loop.ts';
import { planRepair } from '../../../consumers/recovery/repair/repair-plan.ts';
import { createViewerStore } from '../../../consumers/store/viewers/viewer-store.ts';
import type { SessionEvent } from '../../../src/events/session-event.ts';
import { noFailpoints } from '../../../src/platform/failpoints.ts';
import { useEventTable } from '../clickhouse/event-table.ts';
import { depsOf, type Journalled, journalOf, repairAll, totals } from './planted.ts';

const table = useEventTable();
const monthEndMs = Date.UTC(2026, 11, 1);
/** The times of twenty events. The last eight are in the next month. */
const times = Array.from({ length: 20 }, (_, index) => monthEndMs + (index - 12) * 1000);

beforeEach(async () => {
  for (const name of ['session_events', 'dead_letters', 'dead_letter_replays'])
    await table.client.command({ query: `TRUNCATE TABLE ${name}` });
});

const insert = (...events: SessionEvent[]) => table.store.insert(table.store.encode(events));
const remove = (where: string) =>
  table.client.command({
    query: `ALTER TABLE session_events DELETE WHERE ${where} SETTINGS mutations_sync = 2`,
  });
const check = async ({ journal }: Journalled, depth: 'full' | 'ledger' = 'full') =>
  (await inspect(depsOf(table, [journal]), depth)).report;
const eventAt = ({ events }: Journalled, sequence: number): SessionEvent => {
  const event = events[sequence - 1];
  if (event === undefined) throw new Error(`no event ${sequence}`);
  return event;
};

describe('a table that contains every accepted event', () => {
  it('passes the ledger check and the full check, also if it is empty', async () => {
    const empty = await journalOf([]);
    expect(await check(empty)).toMatchObject({ exact: true, totals: { accepted: 0 } });
    const complete = await journalOf(times);
    await insert(...complete.events.slice(0, 9));
    await insert(...complete.events.slice(9));
    for (const depth of ['ledger', 'full'] as const)
      expect(await check(complete, depth)).toMatchObject({
        exact: true,
        depth,
        totals: { accepted: 20, stored: 20, deadLettered: 0, waiting: 0, missing: 0, surplus: 0 },
        streams: [{ producer: complete.producer, partition: 0, accepted: 20 }],
      });
  });

  it('passes if events are dead letters (counted as present) or unread (counted as waiting)', async () => {
    const journalled = await journalOf(times, 15);
    const { producer, events } = journalled;
    await insert(...events.slice(0, 5), ...events.slice(6, 15));
    const message = {
      position: 6,
      identity: { producer, partition: 0, sequence: 6 },
      body: '{',
      headers: '{}',
    };
    await table.store.insertDeadLetters([createDeadLetter(message, 'journal', 'not a JSON object')]);
    expect(await check(journalled)).toMatchObject({
      exact: true,
      totals: { accepted: 20, stored: 14, deadLettered: 1, waiting: 5, missing: 0 },
    });
  });
});

describe('a table with a forgotten viewer', () => {
  it('passes the check before and after the pseudonym is replaced, until the replacement is erased', async () => {
    const journalled = await journalOf(times);
    const { viewer } = eventAt(journalled, 1);
    const viewers = createViewerStore({ client: table.client, failpoint: noFailpoints, cluster: undefined });
    const request = { id: 'a', organisationId: 'default', viewer, beforeMs: times[9] ?? 0 };
    await insert(...journalled.events);
    await viewers.publish({ ...request, replacement: 'a1'.repeat(16) });
    expect(await check(journalled)).toMatchObject({ exact: true });
    expect(await viewers.replace()).toEqual(new Set(['a']));
    expect(await check(journalled)).toMatchObject({ exact: true, totals: { stored: 20 } });
    await viewers.erase(['a']);
    expect((await check(journalled)).findings.differingRows).toHaveLength(10);
  });
});

describe('check and repair of the event table', () => {
  it('report and repair a deleted row, a duplicated row and missing rows across the end of a month', async () => {
    const journalled = await journalOf(times);
    const { journal, events, producer } = journalled;
    await insert(...events);
    await insert(eventAt(journalled, 9));
    await remove('sequence = 4 OR sequence BETWEEN 11 AND 14');

    const report = await check(journalled);
    const stream = { producer, partition: 0 };
    expect(report).toMatchObject({
      exact: false,
      totals: { accepted: 20, stored: 15, waiting: 0, missing: 5, surplus: 1 },
      findings: {
        holes: [
          { ...stream, first: 4, last: 4, inJournal: true },
          { ...stream, first: 11, last: 14, inJournal: true },
        ],
        doubledEvents: [{ ...stream, sequence: 9, rows: 2, months: [202611] }],
        differingRows: [],
        doubledSessions: [],
        driftedProjections: [],
      },
    });
    expect(await check(journalled, 'ledger')).toMatchObject({ exact: false, totals: { missing: 5 } });

    const { plan, outcome, after } = await repairAll(table, [journal]);
    expect(plan).toMatchObject({
      left: [],
      fill: [
        { first: 4, last: 4 },
        { first: 11, last: 14 },
      ],
    });
    expect(outcome).toEqual({ removed: 1, filled: 5, putAside: 0 });
    expect(after.report).toMatchObject({ exact: true, totals: { accepted: 20, stored: 20, surplus: 0 } });
    expect(new Set(await totals(table))).toEqual(new Set(['20']));
  });

  it('report missing rows at the end of a stream, and restore them from the journal', async () => {
    const journalled = await journalOf(times);
    await insert(...journalled.events.slice(0, 17));
    expect((await check(journalled)).findings.holes).toMatchObject([
      { first: 18, last: 20, inJournal: true },
    ]);
    const { after } = await repairAll(table, [journalled.journal]);
    expect(after.report.exact).toBe(true);
  });

  it('report and repair an extra row and a missing row that cancel out in the row count', async () => {
    const journalled = await journalOf(times);
    const { events } = journalled;
    await insert(...events.filter(({ sequence }) => sequence !== 5), eventAt(journalled, 7));
    expect(await check(journalled, 'ledger')).toMatchObject({ exact: true });
    expect(await check(journalled)).toMatchObject({
      exact: false,
      findings: { holes: [{ first: 5, last: 5 }], doubledEvents: [{ sequence: 7, rows: 2 }] },
    });
    const { after } = await repairAll(table, [journalled.journal]);
    expect(after.report.exact).toBe(true);
  });

  it('report and repair rows that are equal in every column, in the same part and across parts', async () => {
    const journalled = await journalOf(times);
    const ninth = eventAt(journalled, 9);
    await insert(...journalled.events, ninth, ninth);
    await insert(ninth);
    await table.client.command({ query: 'OPTIMIZE TABLE session_events FINAL' });
    await insert(ninth, eventAt(journalled, 20));
    const { outcome, after } = await repairAll(table, []);
    expect(outcome).toEqual({ removed: 5, filled: 0, putAside: 0 });
    expect(after.report).toMatchObject({ exact: true, totals: { stored: 20, surplus: 0 } });
    expect(new Set(await totals(table))).toEqual(new Set(['20']));
  });

  it('keep the row that matches the journal if an event is stored in two different months', async () => {
    const journalled = await journalOf(times);
    await insert(...journalled.events);
    await insert({ ...eventAt(journalled, 3), timeMs: monthEndMs + 5000 });
    const report = await check(journalled);
    expect(report.findings).toMatchObject({
      holes: [],
      doubledEvents: [{ sequence: 3, rows: 2, months: [202611, 202612] }],
      doubledSessions: [],
    });
    const { outcome, after } = await repairAll(table, [journalled.journal]);
    expect(outcome).toMatchObject({ removed: 1, filled: 0 });
    expect(after.report.exact).toBe(true);
    expect(await table.text('SELECT month FROM session_events WHERE sequence = 3')).toBe('202611\n');
  });

  it('report the differing fields of a row that does not match its journal entry, and repair the row', async () => {
    const journalled = await journalOf(times);
    const { events } = journalled;
    const wrong = { ...eventAt(journalled, 6), tags: ['b'], configurationId: 'other' };
    await insert(...events.map((event) => (event.sequence === 6 ? wrong : event)));
    const report = await check(journalled);
    expect(report.findings.differingRows).toEqual([
      { producer: journalled.producer, partition: 0, sequence: 6, members: ['configurationId', 'tags'] },
    ]);
    const { outcome, after } = await repairAll(table, [journalled.journal]);
    expect(outcome).toEqual({ removed: 1, filled: 1, putAside: 0 });
    expect(after.report.exact).toBe(true);
    expect(await table.text("SELECT count() FROM session_events WHERE configuration_id = 'other'")).toBe(
      '0\n',
    );
  });

  it('report and repair a row that is stored in a different month than the journal entry of the event', async () => {
    const journalled = await journalOf(times);
    const { events } = journalled;
    const wrong = { ...eventAt(journalled, 6), timeMs: monthEndMs - 40 * 86_400_000 };
    await insert(...events.map((event) => (event.sequence === 6 ? wrong : event)));
    expect((await check(journalled)).findings.differingRows).toMatchObject([
      { sequence: 6, members: ['timeMs'] },
    ]);
    const { outcome, after } = await repairAll(table, [journalled.journal]);
    expect(outcome).toEqual({ removed: 1, filled: 1, putAside: 0 });
    expect(after.report.exact).toBe(true);
  });

  it('report a session that has two event identities, and leave it to the operator', async () => {
    const journalled = await journalOf(times);
    const { producer } = journalled;
    const twin = { ...eventAt(journalled, 2), sequence: 21, timeMs: monthEndMs + 30_000 };
    const near = { ...eventAt(journalled, 4), sequence: 22, timeMs: monthEndMs + 30_000 };
    await insert(...journalled.events, twin, near);
    const { plan, outcome, after } = await repairAll(table, [journalled.journal]);
    const identityOf = (sequence: number) => ({ producer, partition: 0, sequence });
    const doubledSessions = after.report.findings.doubledSessions.toSorted(
      (left, right) => (left.events[0]?.sequence ?? 0) - (right.events[0]?.sequence ?? 0),
    );
    expect(doubledSessions).toEqual([
      { events: [identityOf(2), identityOf(21)] },
      { events: [identityOf(4), identityOf(22)] },
    ]);
    expect(outcome).toEqual({ removed: 0, filled: 0, putAside: 0 });
    expect(plan.left).toHaveLength(2);
  });

  it('report missing events that no journal contains, and leave them to the operator', async () => {
    const journalled = await journalOf(times);
    await insert(...journalled.events.filter(({ sequence }) => sequence !== 8));
    const { plan, after } = await repairAll(table, []);
    expect(plan.left).toEqual([expect.stringContaining('8..8 is missing')]);
    expect(after.report.findings.holes).toMatchObject([{ first: 8, last: 8, inJournal: false }]);
  });
});

it('a repair also succeeds if a merge moves the rows after the check', async () => {
  const journalled = await journalOf(times);
  await insert(...journalled.events);
  await insert(eventAt(journalled, 4));
  const deps = depsOf(table, [journalled.journal]);
  let merges = 0;
  const store: typeof deps.store = {
    ...deps.store,
    async remove(rows) {
      merges += 1;
      if (merges === 1) await table.client.command({ query: 'OPTIMIZE TABLE session_events FINAL' });
      return deps.store.remove(rows);
    },
  };
  const inspection = await inspect(deps, 'full');
  const plan = planRepair(inspection, await acceptedOf(inspection, deps));
  const after = await repairUntilDone(plan, inspection, {
    ...deps,
    store,
    hold: async () => table.store,
    failpoint: noFailpoints,
    attempt: async (_, work) => void (await work()),
  });
  expect(after.report).toMatchObject({ exact: true, totals: { stored: 20, surplus: 0 } });
  expect(merges).toBe(2);
});
