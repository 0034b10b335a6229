import type { MisdatedSessions } from '../../../consumers/recovery/clock/misdated-sessions.ts';

const mostLines = 200;

/** Converts misdated sessions to the JSON output of `verify --clock`. */
export function misdatedAnswer({ sessions, isCutShort }: MisdatedSessions) {
  return {
    misdated: sessions.map(({ timeMs, beforeMs, ...session }) => ({
      ...session,
      time: new Date(timeMs).toISOString(),
      acceptedBefore: new Date(beforeMs).toISOString(),
    })),
    isCutShort,
  };
}

/** Formats misdated sessions as lines. */
export function misdatedLines(found: MisdatedSessions): string[] {
  const { misdated, isCutShort } = misdatedAnswer(found);
  if (misdated.length === 0) return ['No session is dated later than the clock readings that follow it.'];
  const more = misdated.length - mostLines;
  return [
    ...misdated
      .slice(0, mostLines)
      .map(
        ({ producer, partition, sequence, sessionId, time, acceptedBefore }) =>
          `misdated: session ${sessionId}, producer ${producer}, partition ${partition}, sequence ${sequence}: ` +
          `dated ${time}, accepted before ${acceptedBefore}`,
      ),
    ...(more > 0 ? [`... and ${more} more (--json shows all)`] : []),
    ...(isCutShort ? ['There are more misdated sessions than the list can contain.'] : []),
    `Misdated: ${misdated.length} session${misdated.length === 1 ? '' : 's'}.`,
  ];
}
