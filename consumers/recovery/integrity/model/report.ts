import type { Hole, StreamBalance, StreamName } from './compare.ts';

/** Depth of a check: `ledger` reads only the ledger; `full` reads every row, projection and journal entry. */
export type Depth = 'ledger' | 'full';

/** An event that has several rows. */
export interface DoubledEvent extends StreamName {
  readonly sequence: number;
  readonly rows: number;
  /** Months of the rows, for example 202611. */
  readonly months: readonly number[];
}

/** A session that has several event identities. */
export interface DoubledSession {
  readonly events: readonly (StreamName & { readonly sequence: number })[];
}

/** A row that differs from its journal entry. */
export interface DifferingRow extends StreamName {
  readonly sequence: number;
  /** Names of the fields that differ. */
  readonly members: readonly string[];
}

/** A projection whose counts differ from the rows in a month. */
export interface DriftedProjection {
  readonly projection: string;
  readonly month: number;
  readonly sessionsByRows: number;
  readonly sessionsByProjection: number;
}

export interface IntegrityFindings {
  readonly holes: readonly Hole[];
  readonly doubledEvents: readonly DoubledEvent[];
  readonly doubledSessions: readonly DoubledSession[];
  readonly differingRows: readonly DifferingRow[];
  readonly driftedProjections: readonly DriftedProjection[];
  /** True if a kind has more findings than `limitPerKind`. Repair the listed ones, then check again. */
  readonly isCutShort: boolean;
}

export interface IntegrityReport {
  /** True if there are no findings. Waiting events do not count as findings. */
  readonly exact: boolean;
  readonly depth: Depth;
  readonly checkedAt: string;
  readonly journals: readonly string[];
  readonly totals: Omit<StreamBalance, 'producer' | 'partition'>;
  /** Number of dead letters without an event identity. The totals do not include them. */
  readonly namelessLetters: number;
  readonly streams: readonly StreamBalance[];
  readonly findings: IntegrityFindings;
}

/** Receives a progress message for each step of a long check. */
export type OnProgress = (step: string) => void;

/** Maximum number of findings of one kind in a report. The limit bounds the memory that a check needs. */
export const limitPerKind = 10_000;

/** Returns whether there are no findings. */
export function isExact(findings: IntegrityFindings): boolean {
  const { isCutShort, ...kinds } = findings;
  return !isCutShort && Object.values(kinds).every((list: readonly unknown[]) => list.length === 0);
}

/** Adds up the balances of all streams. */
export function totalsOf(streams: readonly StreamBalance[]): IntegrityReport['totals'] {
  const totals = { accepted: 0, stored: 0, deadLettered: 0, waiting: 0, missing: 0, surplus: 0 };
  for (const stream of streams)
    for (const name of Object.keys(totals) as (keyof typeof totals)[]) totals[name] += stream[name];
  return totals;
}
