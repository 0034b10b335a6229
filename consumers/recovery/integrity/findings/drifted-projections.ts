import type { DriftedProjection, OnProgress } from '../model/report.ts';
import type { IntegrityStore, RollUpDigest } from '../store/integrity-store.ts';

/** Projections that disagree with the rows, by month. */
export async function findDriftedProjections(
  months: readonly number[],
  store: Pick<IntegrityStore, 'projections' | 'rollUp'>,
  onProgress: OnProgress,
): Promise<DriftedProjection[]> {
  const drifted: DriftedProjection[] = [];
  for (const month of months) {
    onProgress(`comparing the projections of ${month} with its rows`);
    for (const projection of store.projections) {
      const before = await store.rollUp(projection, month, 'projection');
      const rows = await store.rollUp(projection, month, 'rows');
      if (isSame(before, rows)) continue;
      const after = await store.rollUp(projection, month, 'projection');
      if (isExplainedByGrowth(before, rows, after)) continue;
      drifted.push({
        projection,
        month,
        sessionsByRows: rows.sessions,
        sessionsByProjection: after.sessions,
      });
    }
  }
  return drifted;
}

function isSame(one: RollUpDigest, other: RollUpDigest): boolean {
  return one.sessions === other.sessions && one.digest === other.digest;
}

/** Rows arrived while it was counted: then all that can be said is that the counts lie in order. */
function isExplainedByGrowth(before: RollUpDigest, rows: RollUpDigest, after: RollUpDigest): boolean {
  if (isSame(before, after)) return false;
  return before.sessions <= rows.sessions && rows.sessions <= after.sessions;
}
