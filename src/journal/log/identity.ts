import { randomUUID } from 'node:crypto';
import type { EventIdentity } from '../../events/session-event.ts';

/** Assigns the sequences of one producer. Pure, except for the random producer id. */
export interface IdentitySource {
  readonly producer: string;
  /** Returns the next identity of a partition. Each call returns the following sequence. */
  next(partition: number): EventIdentity;
  /** Confirms that the events of all returned identities are on disk. */
  confirm(): void;
}

/**
 * Returns the identities of a new producer. A gateway creates a producer at each start and after a commit with an unknown
 * outcome. So no identity is assigned twice, even if a data directory is copied or a disk fails partway. A failed commit
 * leaves no gap, because its producer ends before it.
 */
export function createIdentitySource(producer: string = randomUUID()): IdentitySource {
  const confirmed = new Map<number, number>();
  const assigned = new Map<number, number>();
  return {
    producer,
    next(partition) {
      const sequence = (assigned.get(partition) ?? confirmed.get(partition) ?? 0) + 1;
      assigned.set(partition, sequence);
      return { producer, partition, sequence };
    },
    confirm() {
      for (const [partition, sequence] of assigned) confirmed.set(partition, sequence);
      assigned.clear();
    },
  };
}

/** Returns the partition of a new session. It follows from the session id and the number of partitions known at that time. */
export function partitionOf(sessionId: string, partitions: number): number {
  return Number.parseInt(sessionId.slice(-8), 16) % partitions;
}
