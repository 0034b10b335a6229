import { identityKey } from '../../store/stream-state.ts';
import type { Hole } from '../integrity/model/compare.ts';
import type { DoubledSession, DriftedProjection, IntegrityReport } from '../integrity/model/report.ts';

/** Returns the findings that a repair cannot fix, each as a sentence with its reason. */
export function unrepairable({ findings }: IntegrityReport): string[] {
  return [
    ...findings.holes.filter(({ inJournal }) => !inJournal).map(lostHole),
    ...findings.doubledSessions.map(doubledSession),
    ...findings.driftedProjections.map(driftedProjection),
  ];
}

function lostHole({ producer, partition, first, last }: Hole): string {
  return `${producer} partition ${partition} ${first}..${last} is missing, and no given journal has it`;
}

function doubledSession({ events }: DoubledSession): string {
  return `one session has the identities ${events.map(identityKey).join(' and ')}: removing one would leave a hole in its stream`;
}

function driftedProjection({ projection, month }: DriftedProjection): string {
  return (
    `projection ${projection} of ${month} disagrees with its rows: ` +
    `ALTER TABLE session_events MATERIALIZE PROJECTION ${projection} IN PARTITION ${month}`
  );
}
