import { identityKey } from '../../store/stream-state.ts';
import type { Hole } from '../integrity/model/compare.ts';
import type { DoubledSession, DriftedProjection, IntegrityReport } from '../integrity/model/report.ts';

/** Returns the findings that a repair cannot fix, each as a sentence with its reason. */
export function unrepairable({ findings }: IntegrityReport): string[] {
  return [
    ...findings.holes.filter(({ inJournal }) => !inJournal).map(lostRange),
    ...findings.doubledSessions.map(doubledSession),
    ...findings.driftedProjections.map(driftedProjection),
  ];
}

function lostRange({ producer, partition, first, last }: Hole): string {
  return `the range ${producer} partition ${partition} ${first}..${last} is missing, and no journal contains it`;
}

function doubledSession({ events }: DoubledSession): string {
  return `one session has the identities ${events.map(identityKey).join(' and ')}: removing one would leave a missing range in the stream`;
}

function driftedProjection({ projection, month }: DriftedProjection): string {
  return (
    `projection ${projection} of ${month} disagrees with its rows: ` +
    `ALTER TABLE session_events MATERIALIZE PROJECTION ${projection} IN PARTITION ${month}`
  );
}
