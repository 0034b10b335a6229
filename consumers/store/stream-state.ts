import type { EventIdentity } from '../../src/events/session-event.ts';

/**
 * Stored sequences of each producer and partition. The sink reads this state from the ledger, keeps it up to date in
 * memory, and discards it after any error. The functions do no I/O.
 */

/**
 * A ledger row: the highest sequence and the number of rows of one producer and partition in one table partition
 * (month).
 */
export interface LedgerLine {
  readonly producer: string;
  readonly partition: number;
  /** Table partition, for example 202611. */
  readonly month: number;
  readonly highest: number;
  readonly rows: number;
}

/** Range of sequences, both ends inclusive. */
export interface SequenceRange {
  readonly first: number;
  readonly last: number;
}

/** Stored sequences of one producer and partition. */
export interface ProducerState {
  /** High-water marks: the highest stored sequence by table partition. */
  readonly marks: Map<number, number>;
  /** Highest sequence that has a row or a dead letter. */
  highest: number;
  /** Missing ranges, sorted: sequences below `highest` that have neither a row nor a dead letter. */
  holes: SequenceRange[];
}

export type StreamState = Map<string, ProducerState>;

/** Returns a key that identifies a producer and partition in a `StreamState`. */
export function stateKey(producer: string, partition: number): string {
  return `${partition}/${producer}`;
}

/** Returns a key that identifies an event. */
export function identityKey({ producer, partition, sequence }: EventIdentity): string {
  return `${stateKey(producer, partition)}/${sequence}`;
}

/** Returns the state of a producer and partition. Adds an empty one if there is none. */
export function producerStateOf(state: StreamState, producer: string, partition: number): ProducerState {
  const key = stateKey(producer, partition);
  let producerState = state.get(key);
  if (producerState === undefined) {
    producerState = { marks: new Map(), highest: 0, holes: [] };
    state.set(key, producerState);
  }
  return producerState;
}

/** Creates the state from ledger rows, without missing ranges. */
export function stateFromLedger(lines: readonly LedgerLine[]): StreamState {
  const state: StreamState = new Map();
  for (const { producer, partition, month, highest } of lines) {
    const producerState = producerStateOf(state, producer, partition);
    producerState.marks.set(month, highest);
    producerState.highest = Math.max(producerState.highest, highest);
  }
  return state;
}

/** Returns the table partition of an instant, as `toYYYYMM(time, 'UTC')` does. */
export function monthOf(timeMs: number): number {
  const date = new Date(timeMs);
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}

/** Returns whether a sequence is in a missing range. */
export function isInHole({ holes }: ProducerState, sequence: number): boolean {
  return holes.some(({ first, last }) => first <= sequence && sequence <= last);
}

/**
 * Records that a sequence is stored. If the sequence is not the next one, this creates a missing range below it. If
 * it is in a missing range, the range shrinks.
 */
export function recordSequence(producerState: ProducerState, sequence: number): void {
  const { highest } = producerState;
  if (sequence > highest + 1) producerState.holes.push({ first: highest + 1, last: sequence - 1 });
  if (sequence <= highest)
    producerState.holes = producerState.holes.flatMap((hole) => without(hole, sequence));
  producerState.highest = Math.max(highest, sequence);
}

function without(hole: SequenceRange, sequence: number): SequenceRange[] {
  if (sequence < hole.first || hole.last < sequence) return [hole];
  const parts = [
    { first: hole.first, last: sequence - 1 },
    { first: sequence + 1, last: hole.last },
  ];
  return parts.filter(({ first, last }) => first <= last);
}

/** Returns the number of missing sequences. */
export function countMissing(state: StreamState): number {
  let missing = 0;
  for (const { holes } of state.values()) for (const { first, last } of holes) missing += last - first + 1;
  return missing;
}
