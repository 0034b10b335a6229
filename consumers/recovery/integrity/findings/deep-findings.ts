import type { DoubledSession, DriftedProjection, OnProgress } from '../model/report.ts';
import type { IntegrityStore, StreamMonth } from '../store/integrity-store.ts';
import { type KnownStream, monthsIn } from '../streams/streams.ts';
import type { ReachableJournal } from '../streams/survey.ts';
import { type Difference, findDifferingRows } from './differing-rows.ts';
import { findDoubledSessions } from './doubled-sessions.ts';
import { findDriftedProjections } from './drifted-projections.ts';

/** Findings that only a check with depth `full` can return. */
export interface DeepFindings {
  readonly doubledSessions: readonly DoubledSession[];
  readonly differing: readonly Difference[];
  readonly driftedProjections: readonly DriftedProjection[];
}

export const noDeepFindings: DeepFindings = { doubledSessions: [], differing: [], driftedProjections: [] };

export interface DeepCheckDeps {
  readonly store: IntegrityStore;
  readonly journals: readonly ReachableJournal[];
}

/** Reads every row, projection and journal entry, and returns the faults that the ledger does not show. */
export async function findDeep(
  { store, journals }: DeepCheckDeps,
  streams: readonly KnownStream[],
  lines: readonly StreamMonth[],
  onProgress: OnProgress,
): Promise<DeepFindings> {
  const doubledSessions = await findDoubledSessions(lines, store, onProgress);
  onProgress('comparing the journals with the rows');
  const differing = await findDifferingRows(journals, streams, store);
  const driftedProjections = await findDriftedProjections(monthsIn(lines), store, onProgress);
  return { doubledSessions, differing, driftedProjections };
}
