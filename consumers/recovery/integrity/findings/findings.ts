import type { Hole } from '../model/compare.ts';
import {
  type DifferingRow,
  type DoubledEvent,
  type IntegrityFindings,
  limitPerKind,
} from '../model/report.ts';
import type { PlacedRow } from '../store/integrity-store.ts';
import type { DeepFindings } from './deep-findings.ts';
import { type Difference, membersThatDiffer } from './differing-rows.ts';
import type { DoubledEvents } from './doubled-events.ts';

/** Converts faults to the findings of a report, at most `limitPerKind` of each kind. */
export function findingsOf(
  holes: readonly Hole[],
  { doubled, isCutShort }: DoubledEvents,
  { doubledSessions, differing, driftedProjections }: DeepFindings,
): IntegrityFindings {
  const longest = Math.max(
    ...[holes, doubled, doubledSessions, differing].map((list: readonly unknown[]) => list.length),
  );
  return {
    holes: holes.slice(0, limitPerKind),
    doubledEvents: doubled.slice(0, limitPerKind).map(doubledEvent),
    doubledSessions: doubledSessions.slice(0, limitPerKind),
    differingRows: differing.slice(0, limitPerKind).map(differingRow),
    driftedProjections,
    isCutShort: isCutShort || longest > limitPerKind,
  };
}

function doubledEvent(rows: readonly PlacedRow[]): DoubledEvent {
  const { producer = '', partition = 0, sequence = 0 } = rows[0]?.event ?? {};
  const months = [...new Set(rows.map(({ month }) => month))].sort();
  return { producer, partition, sequence, rows: rows.length, months };
}

function differingRow({ row, accepted }: Difference): DifferingRow {
  const { producer, partition, sequence } = row.event;
  return { producer, partition, sequence, members: membersThatDiffer(row.event, accepted) };
}
