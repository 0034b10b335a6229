import type { DeadLetter } from '../../consumers/dead-letter/dead-letter.ts';
import type { EventStore } from '../../consumers/store/event-store.ts';
import type { ProducerState, SequenceRange, StreamState } from '../../consumers/store/stream-state.ts';
import type { EventIdentity, SessionEvent } from '../../src/events/session-event.ts';

export type StoreCall = 'readState' | 'insert' | 'insertDeadLetters' | 'hasDeadLetter' | 'absentOf';

/**
 * What becomes of a call: all is well; it rejects and nothing happened; it rejects but was carried out; or, of an
 * insert that reaches over several months, it rejects and only that month (0: the first) was stored.
 */
export type StoreFate = 'done' | 'failed' | 'failed-but-done' | { readonly onlyMonth: number };

export interface MemoryEventStore extends EventStore {
  /** Asked at each call, before anything of it happens; may wait. Everything is done at first. */
  fate: (call: StoreCall) => StoreFate | Promise<StoreFate>;
  rows(): SessionEvent[];
  letters(): DeadLetter[];
}

/** The event table in memory: rows by month, an insert atomic in each month, letters collapsed by their id. */
export function createMemoryEventStore({ partition }: { partition?: number } = {}): MemoryEventStore {
  const parts: { readonly month: number; readonly rows: readonly SessionEvent[] }[] = [];
  const letters = new Map<string, DeadLetter>();

  async function call(name: StoreCall, carryOut: (onlyMonth: number | undefined) => void): Promise<void> {
    const fate = await store.fate(name);
    if (typeof fate === 'object') carryOut(fate.onlyMonth);
    else if (fate !== 'failed') carryOut(undefined);
    if (fate !== 'done') throw new Error(`planned: ${name} ${JSON.stringify(fate)}`);
  }

  const store: MemoryEventStore = {
    partition,
    fate: () => 'done',
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

/** What the ledger must say of these rows and letters, counted out one by one. */
export function stateOf(rows: readonly SessionEvent[], letters: readonly DeadLetter[]): StreamState {
  const state: StreamState = new Map();
  const identified = letters.filter(({ sequence }) => sequence > 0);
  for (const stream of new Set([...rows, ...identified].map(streamOf))) {
    const own = rows.filter((row) => streamOf(row) === stream);
    const marks = new Map<number, number>();
    for (const { timeMs, sequence } of own)
      marks.set(monthNumber(timeMs), Math.max(sequence, marks.get(monthNumber(timeMs)) ?? 0));
    const put = identified.filter((letter) => streamOf(letter) === stream);
    const there = new Set([...own, ...put].map(({ sequence }) => sequence));
    const known: ProducerState = { marks, highest: Math.max(...there), holes: holesIn(there) };
    state.set(stream, known);
  }
  return state;
}

function holesIn(there: ReadonlySet<number>): SequenceRange[] {
  const holes: SequenceRange[] = [];
  let previous = 0;
  for (const sequence of [...there].sort((one, other) => one - other)) {
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
