import { summariseRecord } from './record.ts';
import type { LoggedRecord, RecordLog } from './store/record-log.ts';

/** Finds the earliest time of the events that the reader has not acknowledged. */
export interface OldestPending {
  /** Adds a record that was written to the log. */
  note(record: LoggedRecord): void;
  /** Returns the earliest time of the events at or after the cursor, or undefined if the log has none. */
  timeMs(acknowledged: number): number | undefined;
}

/**
 * Creates the search for the earliest pending event of a log. Times increase with the position, except where a new
 * producer started after the clock had stepped back. These positions are kept in memory, so that only the first
 * pending record must be read.
 */
export function createOldestPending(
  log: Pick<RecordLog, 'recordsFrom'>,
  acknowledged: number,
): OldestPending {
  const steps: { readonly position: number; readonly timeMs: number }[] = [];
  let lastTimeMs = Number.NEGATIVE_INFINITY;

  function note({ position, record }: LoggedRecord): void {
    const timeMs = summariseRecord(record).firstTimeMs;
    if (timeMs < lastTimeMs) steps.push({ position, timeMs });
    lastTimeMs = timeMs;
  }

  for (const record of log.recordsFrom(acknowledged)) note(record);
  return {
    note,
    timeMs(cursor) {
      const later = steps.filter(({ position }) => position >= cursor).map(({ timeMs }) => timeMs);
      // All events in a record have the same time, so the bodies need not be read.
      for (const { record } of log.recordsFrom(cursor))
        return Math.min(summariseRecord(record).firstTimeMs, ...later);
      return undefined;
    },
  };
}
