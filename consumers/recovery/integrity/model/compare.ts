import type { SequenceRange } from '../../../store/stream-state.ts';
import { common, highestOf, type SequenceSet, sizeOf, union, without } from './ranges.ts';

/** A producer's partition of the stream. */
export interface StreamName {
  readonly producer: string;
  readonly partition: number;
}

/** What is known of one producer and partition. */
export interface StreamFacts extends StreamName {
  /** Rows in the table, repeated ones too. */
  readonly rows: number;
  /** Sequences that have a row. */
  readonly stored: SequenceSet;
  /** Sequences that have a dead letter. */
  readonly letters: SequenceSet;
  /** In a journal, behind its reader's cursor: it has gone on. */
  readonly goneOn: SequenceSet;
  /** In a journal, still to be read (or read and not confirmed yet). */
  readonly inJournal: SequenceSet;
}

/** One stretch that was accepted and is nowhere. */
export interface Hole extends StreamName, SequenceRange {
  /** Whether the journals that were looked at still have it, so that it can be filled. */
  readonly inJournal: boolean;
}

/** One line of the books: accepted = stored + deadLettered + waiting + missing, always. */
export interface StreamBalance extends StreamName {
  readonly accepted: number;
  /** Events with a row. */
  readonly stored: number;
  /** Events with a dead letter and no row. */
  readonly deadLettered: number;
  /** Accepted and still on the way: not stored yet, and nothing is wrong. */
  readonly waiting: number;
  readonly missing: number;
  /** Rows more than there are events. */
  readonly surplus: number;
}

export interface StreamComparison {
  readonly balance: StreamBalance;
  readonly holes: readonly Hole[];
}

/**
 * Compares what was accepted with what is there. Sequences have no holes when they are given, so everything up to the
 * highest one known was accepted, also what no journal has any more. Pure.
 *
 * The journals must have been read before the table: what had gone on then must be in the table now.
 * @param isStoredWhenGone whether the journal's reader is the sink itself. Where it is the relay, what has gone on may
 *   be in Kafka; but the sink stores in order, so below the highest stored sequence it should be there.
 */
export function compareStream(facts: StreamFacts, isStoredWhenGone: boolean): StreamComparison {
  const { producer, partition } = facts;
  const there = union(facts.stored, facts.letters);
  const everInJournal = union(facts.goneOn, facts.inJournal);
  const highest = Math.max(highestOf(there), highestOf(everInJournal));
  const accepted: SequenceSet = highest === 0 ? [] : [{ first: 1, last: highest }];
  const absent = without(accepted, there);
  const waiting = common(absent, onTheWay(facts, highestOf(there), isStoredWhenGone));
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
    holes: holesOf(facts, missing, everInJournal),
  };
}

/** What may be absent with nothing being wrong. */
function onTheWay(
  { goneOn, inJournal }: StreamFacts,
  highestThere: number,
  isStoredWhenGone: boolean,
): SequenceSet {
  // A copy of a data directory still has in its journal what the original has passed on.
  const notRead = without(inJournal, goneOn);
  if (isStoredWhenGone) return notRead;
  const inKafka = without(goneOn, highestThere === 0 ? [] : [{ first: 1, last: highestThere }]);
  return union(notRead, inKafka);
}

function holesOf({ producer, partition }: StreamName, missing: SequenceSet, inJournals: SequenceSet): Hole[] {
  const fillable = common(missing, inJournals).map((range) => ({ ...range, inJournal: true }));
  const lost = without(missing, inJournals).map((range) => ({ ...range, inJournal: false }));
  return [...fillable, ...lost]
    .map((hole) => ({ producer, partition, ...hole }))
    .sort((one, other) => one.first - other.first);
}
