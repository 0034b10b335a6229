import type { EventIdentity } from '../../events/session-event.ts';
import { endOfLog } from './entries.ts';
import { createIdentitySource } from './identity.ts';
import type { RecordLog } from './record-log.ts';

/** The position and the identity of the next event of a log. */
export interface LogEnd {
  nextPosition(): number;
  producer(): string;
  /** Returns the next identity of a partition. `advance` confirms it. */
  nextIdentity(partition: number): EventIdentity;
  /** Confirms that the events of the returned identities are on disk, and moves the position by their number. */
  advance(events: number): void;
  /**
   * Starts a new producer at the end of the log, after a commit with an unknown outcome. The identities and positions of that
   * commit must not be used again.
   * @throws the error of the log when it cannot be read. `ensureKnown` then retries.
   */
  restart(): void;
  /** Retries a failed restart. @throws the error of the log. */
  ensureKnown(): void;
}

/** Returns the end of a log, with a new producer. */
export function createLogEnd(log: Pick<RecordLog, 'last' | 'cursor'>): LogEnd {
  let identities = createIdentitySource();
  let nextPosition = endOfLog(log);
  let isKnown = true;

  function restart(): void {
    isKnown = false;
    identities = createIdentitySource();
    nextPosition = endOfLog(log);
    isKnown = true;
  }

  return {
    restart,
    nextPosition: () => nextPosition,
    producer: () => identities.producer,
    nextIdentity: (partition) => identities.next(partition),
    advance(events) {
      identities.confirm();
      nextPosition += events;
    },
    ensureKnown() {
      if (!isKnown) restart();
    },
  };
}
