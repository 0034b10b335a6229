import type { Clock } from '../../../src/platform/clock.ts';
import { type DeepFindings, findDeep, noDeepFindings } from './findings/deep-findings.ts';
import { type DoubledEvents, findDoubledEvents } from './findings/doubled-events.ts';
import { findingsOf } from './findings/findings.ts';
import { compareStream, type StreamComparison } from './model/compare.ts';
import { type Depth, type IntegrityReport, isExact, type OnProgress, totalsOf } from './model/report.ts';
import type { IntegrityStore, PlacedRow, StreamMonth } from './store/integrity-store.ts';
import { gatherStreams, type KnownStream, monthsIn } from './streams/streams.ts';
import { type ReachableJournal, surveyJournals } from './streams/survey.ts';

export interface IntegrityDeps {
  readonly store: IntegrityStore;
  readonly journals: readonly ReachableJournal[];
  readonly clock: Clock;
  /** True if the sink reads the journals directly (embedded mode), false if the relay to Kafka does. */
  readonly isReadBySink: boolean;
}

/** Result of a check, with the locations of faulty rows, which a repair needs. */
export interface Inspection {
  readonly report: IntegrityReport;
  readonly streams: readonly KnownStream[];
  /** All rows of each event that has several rows. */
  readonly doubled: readonly (readonly PlacedRow[])[];
  /** Rows that differ from the journal entry with the same identity. */
  readonly differing: readonly PlacedRow[];
}

/**
 * Compares the accepted events, the stored events and the counts in the grains (docs/explanation/delivery.md, section
 * 9). The check changes nothing. Events that a running sink has not stored yet count as `waiting`. If new rows change
 * a grain during the check, the check requires only that the grain's counts do not decrease.
 */
export async function inspect(
  deps: IntegrityDeps,
  depth: Depth,
  onProgress: OnProgress = () => {},
): Promise<Inspection> {
  const { streams, lines } = await readStreams(deps, depth, onProgress);
  const comparisons = streams.map(({ facts }) => compareStream(facts, deps.isReadBySink));
  const doubledEvents = await findDoubledEvents(streams, deps.store);
  const deep = depth === 'ledger' ? noDeepFindings : await findDeep(deps, streams, lines, onProgress);
  return {
    report: await createReport(deps, depth, comparisons, doubledEvents, deep),
    streams,
    doubled: doubledEvents.doubled,
    differing: deep.differing.map(({ row }) => row),
  };
}

interface StreamLines {
  readonly streams: readonly KnownStream[];
  readonly lines: readonly StreamMonth[];
}

/**
 * Reads the journals before the table. In the reverse order, an event that the sink stores between the two reads
 * would count as missing.
 */
async function readStreams(
  { store, journals }: IntegrityDeps,
  depth: Depth,
  onProgress: OnProgress,
): Promise<StreamLines> {
  onProgress(`reading ${journals.length} ${journals.length === 1 ? 'journal' : 'journals'}`);
  const journalled = await surveyJournals(journals);
  onProgress('reading the ledger');
  const ledger = await store.ledger();
  const lines = depth === 'ledger' ? ledger : await countRows(ledger, store, onProgress);
  return { streams: await gatherStreams(lines, journalled, store), lines };
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

async function createReport(
  { store, journals, clock }: IntegrityDeps,
  depth: Depth,
  comparisons: readonly StreamComparison[],
  doubledEvents: DoubledEvents,
  deep: DeepFindings,
): Promise<IntegrityReport> {
  const balances = comparisons.map(({ balance }) => balance);
  const holes = comparisons.flatMap((comparison) => comparison.holes);
  const findings = findingsOf(holes, doubledEvents, deep);
  return {
    exact: isExact(findings),
    depth,
    checkedAt: new Date(clock.nowMs()).toISOString(),
    journals: journals.map(({ name }) => name),
    totals: totalsOf(balances),
    namelessLetters: await store.namelessLetters(),
    streams: balances,
    findings,
  };
}
