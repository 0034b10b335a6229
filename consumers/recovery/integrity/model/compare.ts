import type { SequenceRange } from '../../../store/stream-state.ts';
import { common, highestOf, type SequenceSet, setUpTo, sizeOf, union, without } from './ranges.ts';

/** Identifies a stream: one producer in one partition. */
export interface StreamName {
  readonly producer: string;
  readonly partition: number;
}

/** What the table, the dead letters and the journals contain of one producer and partition. */
export interface StreamFacts extends StreamName {
  /** Number of rows in the table, including duplicates. */
  readonly rows: number;
  /** Sequences that have a row. */
  readonly stored: SequenceSet;
  /** Sequences that have a dead letter. */
  readonly letters: SequenceSet;
  /** Sequences in a journal that its reader (sink or relay) has acknowledged. */
  readonly acknowledged: SequenceSet;
  /** Sequences in a journal that its reader (sink or relay) has not acknowledged yet. */
  readonly pending: SequenceSet;
}

/** A range of accepted events that are neither stored, dead-lettered nor waiting. */
export interface Hole extends StreamName, SequenceRange {
  /** True if one of the checked journals contains the events, so that a repair can store them. */
  readonly inJournal: boolean;
}

/** Event counts of a stream: accepted = stored + deadLettered + waiting + missing. */
export interface StreamBalance extends StreamName {
  readonly accepted: number;
  /** Events with a row. */
  readonly stored: number;
  /** Events with a dead letter and no row. */
  readonly deadLettered: number;
  /** Accepted events that are not stored yet, without any fault. */
  readonly waiting: number;
  readonly missing: number;
  /** Surplus rows: every row of an event except its first. */
  readonly surplus: number;
}

export interface StreamComparison {
  readonly balance: StreamBalance;
  readonly holes: readonly Hole[];
}

/**
 * Compares the accepted events of a stream with the stored ones. Sequences are assigned consecutively, so every
 * sequence up to the highest known one was accepted, even if no journal has it any more. Pure.
 *
 * The caller must read the journals before the table. In the reverse order, an event that the sink stores between the
 * two reads would count as missing.
 *
 * @param isReadBySink true if the sink reads the journal directly. If the relay reads it, an acknowledged event may
 * still be in Kafka. The sink stores in order, so an event below the highest stored sequence should be in the table.
 */
export function compareStream(facts: StreamFacts, isReadBySink: boolean): StreamComparison {
  const { producer, partition } = facts;
  const present = union(facts.stored, facts.letters);
  const inJournals = union(facts.acknowledged, facts.pending);
  const highest = Math.max(highestOf(present), highestOf(inJournals));
  const absent = without(setUpTo(highest), present);
  const waiting = common(absent, onTheWay(facts, highestOf(present), isReadBySink));
  const missing = without(absent, waiting);
  return {
    balance: {
      producer,
      partition,
      accepted: highest,
      stored: sizeOf(facts.stored),
      deadLettered: sizeOf(without(facts.letters, facts.stored)),
      waiting: sizeOf(waiting),
      missing: sizeOf(missing),
      surplus: facts.rows - sizeOf(facts.stored),
    },
    holes: holesOf(facts, missing, inJournals),
  };
}

/**
 * Returns the sequences that may be absent from the table without a fault, because they are still in a journal or in
 * Kafka.
 */
function onTheWay(
  { acknowledged, pending }: StreamFacts,
  highestPresent: number,
  isReadBySink: boolean,
): SequenceSet {
  // An event can be pending in the copy of a data directory, and acknowledged in the original. Such an event counts
  // as acknowledged.
  const unread = without(pending, acknowledged);
  if (isReadBySink) return unread;
  const inKafka = without(acknowledged, setUpTo(highestPresent));
  return union(unread, inKafka);
}

function holesOf({ producer, partition }: StreamName, missing: SequenceSet, inJournals: SequenceSet): Hole[] {
  const fillable = common(missing, inJournals).map((range) => ({ ...range, inJournal: true }));
  const lost = without(missing, inJournals).map((range) => ({ ...range, inJournal: false }));
  return [...fillable, ...lost]
    .map((hole) => ({ producer, partition, ...hole }))
    .sort((one, other) => one.first - other.first);
}
