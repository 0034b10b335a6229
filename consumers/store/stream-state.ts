/**
 * What is known to be stored of each producer and partition. Read from the table's ledger, then carried along in
 * memory; thrown away and read anew after any error. Pure.
 */

/** One line of the ledger: what one table partition (month) holds of a producer's partition of the stream. */
export interface LedgerLine {
  readonly producer: string;
  readonly partition: number;
  /** Table partition: 202611. */
  readonly month: number;
  readonly highest: number;
  readonly rows: number;
}

/** Sequences from first to last, both included. */
export interface SequenceRange {
  readonly first: number;
  readonly last: number;
}

/** What is stored of one producer and partition. */
export interface ProducerState {
  /** Highest stored sequence by table partition: the marks. */
  readonly marks: Map<number, number>;
  /** Highest sequence seen, stored or put aside as a dead letter. */
  highest: number;
  /** Sequences below the highest that are not there. In order, apart from each other. */
  holes: SequenceRange[];
}

export type StreamState = Map<string, ProducerState>;

export function stateKey(producer: string, partition: number): string {
  return `${partition}/${producer}`;
}

export function producerStateOf(state: StreamState, producer: string, partition: number): ProducerState {
  const key = stateKey(producer, partition);
  let known = state.get(key);
  if (known === undefined) {
    known = { marks: new Map(), highest: 0, holes: [] };
    state.set(key, known);
  }
  return known;
}

export function stateFromLedger(lines: readonly LedgerLine[]): StreamState {
  const state: StreamState = new Map();
  for (const { producer, partition, month, highest } of lines) {
    const known = producerStateOf(state, producer, partition);
    known.marks.set(month, highest);
    known.highest = Math.max(known.highest, highest);
  }
  return state;
}

/** Table partition of an instant, as toYYYYMM(time, 'UTC') has it. */
export function monthOf(timeMs: number): number {
  const date = new Date(timeMs);
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}

export function isInHole({ holes }: ProducerState, sequence: number): boolean {
  return holes.some(({ first, last }) => first <= sequence && sequence <= last);
}

/** Notes that a sequence is there now: it may open a hole before it, or fill one. */
export function noteSequence(known: ProducerState, sequence: number): void {
  if (sequence > known.highest + 1) known.holes.push({ first: known.highest + 1, last: sequence - 1 });
  if (sequence <= known.highest) known.holes = known.holes.flatMap((hole) => without(hole, sequence));
  known.highest = Math.max(known.highest, sequence);
}

function without(hole: SequenceRange, sequence: number): SequenceRange[] {
  if (sequence < hole.first || hole.last < sequence) return [hole];
  const parts = [
    { first: hole.first, last: sequence - 1 },
    { first: sequence + 1, last: hole.last },
  ];
  return parts.filter(({ first, last }) => first <= last);
}

export function countMissing(state: StreamState): number {
  let missing = 0;
  for (const { holes } of state.values()) for (const { first, last } of holes) missing += last - first + 1;
  return missing;
}
