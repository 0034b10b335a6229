import type { DriftedProjection, OnProgress } from '../model/report.ts';
import type { IntegrityStore, RollUpDigest } from '../store/integrity-store.ts';

type RollUpReader = Pick<IntegrityStore, 'projections' | 'rollUp'>;

/** Finds projections that disagree with the table's rows, by month. */
export async function findDriftedProjections(
  months: readonly number[],
  store: RollUpReader,
  onProgress: OnProgress,
): Promise<DriftedProjection[]> {
  const drifted: DriftedProjection[] = [];
  for (const month of months) {
    onProgress(`comparing the projections of ${month} with its rows`);
    for (const projection of store.projections) {
      const comparison = await compareRollUp(projection, month, store);
      if (comparison.kind === 'drifted') drifted.push(comparison.drift);
    }
  }
  return drifted;
}

type RollUpComparison =
  | { readonly kind: 'agrees' }
  | { readonly kind: 'drifted'; readonly drift: DriftedProjection };

async function compareRollUp(
  projection: string,
  month: number,
  store: RollUpReader,
): Promise<RollUpComparison> {
  const before = await store.rollUp(projection, month, 'projection');
  const rows = await store.rollUp(projection, month, 'rows');
  if (isSame(before, rows)) return { kind: 'agrees' };
  const after = await store.rollUp(projection, month, 'projection');
  if (isExplainedByGrowth(before, rows, after)) return { kind: 'agrees' };
  const counts = { sessionsByRows: rows.sessions, sessionsByProjection: after.sessions };
  return { kind: 'drifted', drift: { projection, month, ...counts } };
}

function isSame(one: RollUpDigest, other: RollUpDigest): boolean {
  return one.sessions === other.sessions && one.digest === other.digest;
}

/**
 * Returns whether rows that arrived between the queries explain the difference. In this case only the order of the
 * three counts can be checked.
 */
function isExplainedByGrowth(before: RollUpDigest, rows: RollUpDigest, after: RollUpDigest): boolean {
  if (isSame(before, after)) return false;
  return before.sessions <= rows.sessions && rows.sessions <= after.sessions;
}
