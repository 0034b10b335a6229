import type { Hole, StreamBalance, StreamName } from './compare.ts';

/** How far a check goes: what the ledger says, or every row, projection and journal entry. */
export type Depth = 'ledger' | 'full';

/** One event with several rows. */
export interface DoubledEvent extends StreamName {
  readonly sequence: number;
  readonly rows: number;
  /** Months (202611) in which they lie. */
  readonly months: readonly number[];
}

/** One session that stands under several identities. */
export interface DoubledSession {
  readonly events: readonly (StreamName & { readonly sequence: number })[];
}

/** A row that says something else than its journal entry. */
export interface DifferingRow extends StreamName {
  readonly sequence: number;
  /** Members of the event in which they differ. */
  readonly members: readonly string[];
}

/** A roll-up that disagrees with the rows of a month. */
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
  /** Some kind has more findings than are named (`limitPerKind`): mend these, then check again. */
  readonly isCutShort: boolean;
}

export interface IntegrityReport {
  /** Nothing is missing, nothing is too much, and the roll-ups agree. Waiting events are no fault. */
  readonly exact: boolean;
  readonly depth: Depth;
  readonly checkedAt: string;
  readonly journals: readonly string[];
  readonly totals: Omit<StreamBalance, 'producer' | 'partition'>;
  /** Dead letters that say no place in the stream: they stand for nothing above. */
  readonly namelessLetters: number;
  readonly streams: readonly StreamBalance[];
  readonly findings: IntegrityFindings;
}

/** Told what a long check is doing. */
export type OnProgress = (what: string) => void;

/** The most findings of one kind that are named, in each stream and in all: bounds memory. */
export const limitPerKind = 10_000;

export function isExact(findings: IntegrityFindings): boolean {
  const { isCutShort, ...kinds } = findings;
  return !isCutShort && Object.values(kinds).every((list: readonly unknown[]) => list.length === 0);
}

export function totalsOf(streams: readonly StreamBalance[]): IntegrityReport['totals'] {
  const totals = { accepted: 0, stored: 0, deadLettered: 0, waiting: 0, missing: 0, surplus: 0 };
  for (const stream of streams)
    for (const name of Object.keys(totals) as (keyof typeof totals)[]) totals[name] += stream[name];
  return totals;
}
