import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../src/platform/clock.ts';
import { findDifferingRows, membersThatDiffer } from './findings/differing-rows.ts';
import { findDoubledEvents } from './findings/doubled-events.ts';
import { findDriftedProjections } from './findings/drifted-projections.ts';
import { compareStream, type Hole } from './model/compare.ts';
import {
  type Depth,
  type DoubledSession,
  type IntegrityFindings,
  type IntegrityReport,
  isExact,
  limitPerKind,
  type OnProgress,
  totalsOf,
} from './model/report.ts';
import type { IntegrityStore, PlacedRow, StreamMonth } from './store/integrity-store.ts';
import { gatherStreams, type KnownStream } from './streams/streams.ts';
import { type ReachableJournal, surveyJournals } from './streams/survey.ts';

export interface IntegrityDeps {
  readonly store: IntegrityStore;
  readonly journals: readonly ReachableJournal[];
  readonly clock: Clock;
  /** Whether the journals' reader is the sink itself (embedded mode), and not the relay to Kafka. */
  readonly isStoredWhenGone: boolean;
}

/** What a check found, with the rows in question: a repair needs their places. */
export interface Inspection {
  readonly report: IntegrityReport;
  readonly streams: readonly KnownStream[];
  /** All rows of each doubled event. */
  readonly doubled: readonly (readonly PlacedRow[])[];
  readonly differing: readonly PlacedRow[];
}

/**
 * Compares what was accepted, what is stored and what the roll-ups say (docs/explanation/delivery.md, 9). Reads only. While a sink
 * runs beside it, what it has not stored yet is `waiting`; roll-ups that grow meanwhile are compared as far as that goes.
 */
export async function inspect(
  deps: IntegrityDeps,
  depth: Depth,
  onProgress: OnProgress = () => {},
): Promise<Inspection> {
  const { store, journals } = deps;
  onProgress(`reading ${journals.length} ${journals.length === 1 ? 'journal' : 'journals'}`);
  const journalled = await surveyJournals(journals);
  onProgress('reading the ledger');
  const ledger = await store.ledger();
  const lines = depth === 'ledger' ? ledger : await countRows(ledger, store, onProgress);
  const streams = await gatherStreams(lines, journalled, store);
  const comparisons = streams.map(({ facts }) => compareStream(facts, deps.isStoredWhenGone));
  const { doubled, isCutShort } = await findDoubledEvents(streams, store);
  const deep = depth === 'ledger' ? nothingDeep : await lookDeeper(deps, streams, lines, onProgress);
  const findings = findingsOf(
    comparisons.flatMap(({ holes }) => holes),
    doubled,
    deep,
    isCutShort,
  );
  const balances = comparisons.map(({ balance }) => balance);
  const report: IntegrityReport = {
    exact: isExact(findings),
    depth,
    checkedAt: new Date(deps.clock.nowMs()).toISOString(),
    journals: journals.map(({ name }) => name),
    totals: totalsOf(balances),
    namelessLetters: await store.namelessLetters(),
    streams: balances,
    findings,
  };
  return { report, streams, doubled, differing: deep.differing.map(({ row }) => row) };
}

/** A batch over a month's end is two parts, and the second may follow the first by as much as an insert takes. */
const settleMs = 2000;

/**
 * The check beside a running sink. What seems to be missing is looked at once more, since it may have been under way;
 * and callers at the same time share one check, since it reads the whole table.
 */
export function createSteadyCheck(deps: IntegrityDeps): (depth: Depth) => Promise<IntegrityReport> {
  const running = new Map<Depth, Promise<IntegrityReport>>();

  async function check(depth: Depth): Promise<IntegrityReport> {
    const { report } = await inspect(deps, depth);
    if (report.findings.holes.length === 0) return report;
    await sleep(settleMs);
    return (await inspect(deps, depth)).report;
  }

  return (depth) => {
    const shared = running.get(depth) ?? check(depth).finally(() => running.delete(depth));
    running.set(depth, shared);
    return shared;
  };
}

async function countRows(
  ledger: readonly StreamMonth[],
  store: IntegrityStore,
  onProgress: OnProgress,
): Promise<StreamMonth[]> {
  const lines: StreamMonth[] = [];
  for (const month of monthsIn(ledger)) {
    onProgress(`counting the rows of ${month}`);
    lines.push(...(await store.countedRows(month)));
  }
  return lines;
}

interface DeepFindings {
  readonly doubledSessions: readonly DoubledSession[];
  readonly differing: Awaited<ReturnType<typeof findDifferingRows>>;
  readonly driftedProjections: IntegrityFindings['driftedProjections'];
}

const nothingDeep: DeepFindings = { doubledSessions: [], differing: [], driftedProjections: [] };

async function lookDeeper(
  deps: IntegrityDeps,
  streams: readonly KnownStream[],
  lines: readonly StreamMonth[],
  onProgress: OnProgress,
): Promise<DeepFindings> {
  const { store, journals } = deps;
  const months = monthsIn(lines);
  const doubledSessions = new Map<string, DoubledSession>();
  for (const month of months) {
    onProgress(`looking for doubled sessions in ${month}`);
    const rows = lines.filter((line) => line.month === month).reduce((sum, line) => sum + line.rows, 0);
    for (const session of await store.doubledSessions(month, rows, limitPerKind))
      doubledSessions.set(JSON.stringify(session), session);
  }
  onProgress('comparing the journals with the rows');
  const differing = await findDifferingRows(journals, streams, store);
  const driftedProjections = await findDriftedProjections(months, store, onProgress);
  return { doubledSessions: [...doubledSessions.values()], differing, driftedProjections };
}

function findingsOf(
  holes: readonly Hole[],
  doubled: readonly (readonly PlacedRow[])[],
  deep: DeepFindings,
  isCutShort: boolean,
): IntegrityFindings {
  const doubledEvents = doubled.map((rows) => {
    const { producer = '', partition = 0, sequence = 0 } = rows[0]?.event ?? {};
    const months = [...new Set(rows.map(({ month }) => month))].sort();
    return { producer, partition, sequence, rows: rows.length, months };
  });
  const differingRows = deep.differing.map(({ row, accepted }) => {
    const { producer, partition, sequence } = row.event;
    return { producer, partition, sequence, members: membersThatDiffer(row.event, accepted) };
  });
  const lists = { holes, doubledEvents, doubledSessions: deep.doubledSessions, differingRows };
  const longest = Math.max(...Object.values(lists).map(({ length }) => length));
  return {
    holes: holes.slice(0, limitPerKind),
    doubledEvents: doubledEvents.slice(0, limitPerKind),
    doubledSessions: deep.doubledSessions.slice(0, limitPerKind),
    differingRows: differingRows.slice(0, limitPerKind),
    driftedProjections: deep.driftedProjections,
    isCutShort: isCutShort || longest > limitPerKind,
  };
}

function monthsIn(lines: readonly StreamMonth[]): number[] {
  return [...new Set(lines.map(({ month }) => month))].sort((one, other) => one - other);
}
