import type { DeadLetter } from '../../consumers/dead-letter/dead-letter.ts';
import type { EventStore } from '../../consumers/store/event-store.ts';
import type { ProducerState, SequenceRange, StreamState } from '../../consumers/store/stream-state.ts';
import type { EventIdentity, SessionEvent } from '../../src/events/session-event.ts';

export type StoreCall = 'readState' | 'insert' | 'insertDeadLetters' | 'hasDeadLetter' | 'absentOf';

/**
 * The outcome of a call. `failed` rejects without any effect. `failed-but-done` rejects after the full effect.
 * `onlyMonth` applies to an insert with several months: the insert stores only that month (0 is the first) and rejects.
 */
export type StoreOutcome = 'done' | 'failed' | 'failed-but-done' | { readonly onlyMonth: number };

export interface MemoryEventStore extends EventStore {
  /** Decides the outcome of each call before its effect. The test may return a promise. The default is `done`. */
  outcome: (call: StoreCall) => StoreOutcome | Promise<StoreOutcome>;
  rows(): SessionEvent[];
  letters(): DeadLetter[];
}

/** Creates an in-memory event table. Its inserts are atomic per month, and its dead letters are unique by id. */
export function createMemoryEventStore({ partition }: { partition?: number } = {}): MemoryEventStore {
  const parts: { readonly month: number; readonly rows: readonly SessionEvent[] }[] = [];
  const letters = new Map<string, DeadLetter>();

  async function call(name: StoreCall, carryOut: (onlyMonth: number | undefined) => void): Promise<void> {
    const outcome = await store.outcome(name);
    if (typeof outcome === 'object') carryOut(outcome.onlyMonth);
    else if (outcome !== 'failed') carryOut(undefined);
    if (outcome !== 'done') throw new Error(`planned: ${name} ${JSON.stringify(outcome)}`);
  }

  const store: MemoryEventStore = {
    partition,
    outcome: () => 'done',
    rows: () => parts.flatMap(({ rows }) => rows),
    letters: () => [...letters.values()],

    async readState() {
      await call('readState', () => {});
      return stateOf(store.rows(), store.letters());
    },
    encode: (events) => ({
      count: events.length,
      pieces: events.map((event) => JSON.stringify(event)),
    }),
    async insert({ pieces }) {
      const rows = pieces.map((piece): SessionEvent => JSON.parse(piece));
      await call('insert', (onlyMonth) => {
        const months = [...new Set(rows.map(({ timeMs }) => monthNumber(timeMs)))].sort();
        const stored = onlyMonth === undefined ? months : months.slice(onlyMonth, onlyMonth + 1);
        for (const month of stored)
          parts.push({ month, rows: rows.filter(({ timeMs }) => monthNumber(timeMs) === month) });
      });
    },
    async insertDeadLetters(put) {
      await call('insertDeadLetters', () => {
        for (const letter of put) letters.set(letter.id, letter);
      });
    },
    async hasDeadLetter(id) {
      await call('hasDeadLetter', () => {});
      return letters.has(id);
    },
    async absentOf<T extends EventIdentity>(events: readonly T[]) {
      await call('absentOf', () => {});
      const keyOf = (event: EventIdentity) => `${streamOf(event)}/${event.sequence}`;
      const stored = new Set(store.rows().map(keyOf));
      const once = new Map(events.map((event) => [keyOf(event), event]));
      return [...once].filter(([key]) => !stored.has(key)).map(([, event]) => event);
    },
  };
  return store;
}

/** Computes one by one the state that the ledger must report for these rows and dead letters. */
export function stateOf(rows: readonly SessionEvent[], letters: readonly DeadLetter[]): StreamState {
  const state: StreamState = new Map();
  const identified = letters.filter(({ sequence }) => sequence > 0);
  for (const stream of new Set([...rows, ...identified].map(streamOf))) {
    const streamRows = rows.filter((row) => streamOf(row) === stream);
    const marks = new Map<number, number>();
    for (const { timeMs, sequence } of streamRows)
      marks.set(monthNumber(timeMs), Math.max(sequence, marks.get(monthNumber(timeMs)) ?? 0));
    const streamLetters = identified.filter((letter) => streamOf(letter) === stream);
    const present = new Set([...streamRows, ...streamLetters].map(({ sequence }) => sequence));
    const known: ProducerState = { marks, highest: Math.max(...present), holes: holesIn(present) };
    state.set(stream, known);
  }
  return state;
}

function holesIn(present: ReadonlySet<number>): SequenceRange[] {
  const holes: SequenceRange[] = [];
  let previous = 0;
  for (const sequence of [...present].sort((left, right) => left - right)) {
    if (sequence > previous + 1) holes.push({ first: previous + 1, last: sequence - 1 });
    previous = sequence;
  }
  return holes;
}

function streamOf({ producer, partition }: { producer: string; partition: number }): string {
  return `${partition}/${producer}`;
}

function monthNumber(timeMs: number): number {
  return Number(new Date(timeMs).toISOString().slice(0, 7).replace('-', ''));
}
