import { randomUUID } from 'node:crypto';
import type { EventIdentity } from '../../events/session-event.ts';

/** The numbered streams of one producer. Pure but for the random id. */
export interface IdentitySource {
  readonly producer: string;
  /** The identity that the next event of a partition gets, and the ones after it as long as this is called. */
  next(partition: number): EventIdentity;
  /** The events since the last call are on disk: their numbers are taken. */
  confirm(): void;
}

/**
 * A producer is made anew at each start, and after a commit whose outcome is unknown: so no number is ever given
 * twice, not by a copied data directory and not by a half-failed disk. What fails before it reaches the disk
 * belongs to a producer that then ends without a hole.
 */
export function createIdentitySource(producer: string = randomUUID()): IdentitySource {
  const confirmed = new Map<number, number>();
  const given = new Map<number, number>();
  return {
    producer,
    next(partition) {
      const sequence = (given.get(partition) ?? confirmed.get(partition) ?? 0) + 1;
      given.set(partition, sequence);
      return { producer, partition, sequence };
    },
    confirm() {
      for (const [partition, sequence] of given) confirmed.set(partition, sequence);
      given.clear();
    },
  };
}

/** The partition of a session: fixed when it is accepted, by the number of partitions known then. */
export function partitionOf(sessionId: string, partitions: number): number {
  return Number.parseInt(sessionId.slice(-8), 16) % partitions;
}
