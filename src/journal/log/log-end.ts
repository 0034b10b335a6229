import type { EventIdentity } from '../../events/session-event.ts';
import { endOfLog } from './entries.ts';
import { createIdentitySource } from './identity.ts';
import type { RecordLog } from './record-log.ts';

/** Where the next event goes: its position in the log, and its identity. */
export interface LogEnd {
  nextPosition(): number;
  producer(): string;
  /** Returns the next identity of a partition. It is taken once `advance` confirms it. */
  nextIdentity(partition: number): EventIdentity;
  /** So many events are on disk: their positions and identities are taken. */
  advance(events: number): void;
  /**
   * Begins a new producer at the end of the log: whether the last commit is on disk is unknown, so its identities and
   * positions must not be used again.
   * @throws the error of the log when it cannot be read. `ensureKnown` then tries again.
   */
  restart(): void;
  /** Tries a restart again that failed. @throws the error of the log. */
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
