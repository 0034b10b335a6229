import { randomUUID } from 'node:crypto';
import type { EventIdentity } from '../../events/session-event.ts';

/** Assigns sequence numbers to the events of one producer. Pure, except for the random producer id. */
export interface IdentitySource {
  readonly producer: string;
  /**
   * Returns the next event identity (producer, partition and sequence) in a partition. Each call increments the
   * sequence.
   */
  next(partition: number): EventIdentity;
  /** Records that the events with the identities returned so far are on disk. */
  confirm(): void;
}

/**
 * Creates the identities of a new producer. A gateway creates a producer at each start, after a commit with an
 * unknown outcome, and after its clock has stepped back. No identity is therefore assigned twice, even if a data
 * directory is copied or a disk fails during a write. A failed commit leaves no gap, because its producer ends with
 * the previous commit.
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

/** Returns the partition of a new session, computed from the session id and the last known number of partitions. */
export function partitionOf(sessionId: string, partitions: number): number {
  return Number.parseInt(sessionId.slice(-8), 16) % partitions;
}
