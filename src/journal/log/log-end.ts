import type { EventIdentity } from '../../events/session-event.ts';
import { endOfLog } from './entries.ts';
import { createIdentitySource } from './identity.ts';
import type { RecordLog } from './store/record-log.ts';

/** Position and identity of the next event in a log. */
export interface LogEnd {
  nextPosition(): number;
  producer(): string;
  /** Returns the next identity in a partition. After its event is on disk, the caller calls `advance`. */
  nextIdentity(partition: number): EventIdentity;
  /**
   * Records that a commit with this number of events is on disk: the identities returned so far are used, and the
   * position advances by the number.
   */
  advance(events: number): void;
  /** Starts a new producer, whose first event has the next position. */
  startProducer(): void;
  /**
   * Starts a new producer at the end of the log, after a commit with an unknown outcome. The identities and positions
   * in that commit must not be used again.
   * @throws Error if the log cannot be read. A later call of `ensureKnown` tries again.
   */
  restart(): void;
  /**
   * Repeats `restart` if it failed.
   * @throws Error if the log cannot be read.
   */
  ensureKnown(): void;
}

/** Finds the end of a log and starts a new producer there. */
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
    startProducer() {
      identities = createIdentitySource();
    },
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
