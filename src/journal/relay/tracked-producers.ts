import type { EndedProducer, JournalEntry } from '../log/journal.ts';

/** A producer whose events the relay sends. */
export interface TrackedProducer {
  readonly producer: string;
  /** The highest sequence that Kafka has acknowledged, by partition. */
  readonly sequences: Map<number, number>;
  /** Position after the producer's last event. Infinite for the current producer. */
  endPosition: number;
  isFinalSent: boolean;
}

/**
 * The producers whose events are in the journal of a data directory, and whether their final watermarks were sent.
 */
export interface TrackedProducers {
  /** Adds the producers of earlier processes. */
  addEarlier(ended: readonly EndedProducer[]): void;
  /** Adds a producer that starts at a position. The previous producer of this process ends at this position. */
  start(producer: string, position: number): void;
  /** Records that Kafka has acknowledged events of this process's producers. */
  noteSent(entries: readonly JournalEntry[]): void;
  find(producer: string): TrackedProducer | undefined;
  all(): readonly TrackedProducer[];
}

export function createTrackedProducers(): TrackedProducers {
  let earlier: readonly TrackedProducer[] = [];
  const own: TrackedProducer[] = [];
  const find = (producer: string) => own.find((each) => each.producer === producer);
  return {
    addEarlier(ended) {
      earlier = ended.map(({ producer, sequences, endPosition }) => ({
        ...{ producer, sequences: new Map(sequences), endPosition, isFinalSent: false },
      }));
    },
    start(producer, position) {
      const last = own.at(-1);
      if (last !== undefined) last.endPosition = position;
      own.push({ producer, sequences: new Map(), endPosition: Number.POSITIVE_INFINITY, isFinalSent: false });
    },
    noteSent(entries) {
      for (const { producer, partition, sequence } of entries) {
        const sequences = find(producer)?.sequences;
        sequences?.set(partition, Math.max(sequences.get(partition) ?? 0, sequence));
      }
    },
    find,
    all: () => [...earlier, ...own],
  };
}
