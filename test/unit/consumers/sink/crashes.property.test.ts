import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Batch, decideBatch } from '../../../../consumers/sink/batch.ts';
import {
  producerStateOf,
  recordSequence,
  type StreamState,
} from '../../../../consumers/store/stream-state.ts';
import { createMemoryEventStore, type MemoryEventStore } from '../../../support/memory-event-store.ts';
import { anyStream, finalState, inOrder, type RandomStream } from './streams.ts';

/** The point at which the process is killed while it stores a batch. */
type Death =
  | 'before the insert'
  | 'between the months: only the first'
  | 'between the months: only the last'
  | 'after the insert'
  | 'after the look-up'
  | 'before the letters'
  | 'before the hint';

interface Attempt {
  readonly size: number;
  readonly death: Death | undefined;
  /**
   * The next process starts at this fraction of the committed position: 1 is the committed position, 0 is the start
   * of the stream.
   */
  readonly hintKept: number;
}

const anyDeath = fc.constantFrom<Death[]>(
  'before the insert',
  'between the months: only the first',
  'between the months: only the last',
  'after the insert',
  'after the look-up',
  'before the letters',
  'before the hint',
);
const anyAttempt: fc.Arbitrary<Attempt> = fc.record({
  size: fc.integer({ min: 1, max: 25 }),
  death: fc.option(anyDeath, { nil: undefined }),
  hintKept: fc.constantFrom(0, 0.5, 1, 1, 1),
});

class Died extends Error {}

/** Stores a batch like the sink, and stops at the given step, as if the process was killed. */
async function storeBatch(
  store: MemoryEventStore,
  state: StreamState,
  batch: Batch,
  death: Death | undefined,
) {
  const dieAt = (here: Death) => {
    if (death === here) throw new Died();
  };
  dieAt('before the insert');
  if (batch.rows.length > 0) {
    if (death === 'between the months: only the first') store.outcome = () => ({ onlyMonth: 0 });
    if (death === 'between the months: only the last') store.outcome = () => ({ onlyMonth: 1 });
    await store.insert(store.encode(batch.rows));
  }
  dieAt('after the insert');
  const absent = await store.absentOf(batch.uncertain);
  dieAt('after the look-up');
  if (absent.length > 0) await store.insert(store.encode(absent));
  for (const event of batch.uncertain)
    recordSequence(producerStateOf(state, event.producer, event.partition), event.sequence);
  dieAt('before the letters');
  await store.insertDeadLetters(batch.deadLetters);
  dieAt('before the hint');
}

async function consumeStream(store: MemoryEventStore, stream: RandomStream, attempts: readonly Attempt[]) {
  const remaining = [...attempts];
  let hint = 0;
  let next = 0;
  let state = await store.readState();
  while (next < stream.messages.length) {
    const { size, death, hintKept } = remaining.shift() ?? { size: 7, death: undefined, hintKept: 1 };
    const messages = stream.messages.slice(next, next + size);
    const batch = decideBatch(state, messages, 'memory');
    try {
      await storeBatch(store, state, batch, death);
      next += messages.length;
      hint = next;
      expect(state).toEqual(await store.readState());
    } catch (error) {
      if (!(error instanceof Died) && !/planned/.test(String(error))) throw error;
      store.outcome = () => 'done';
      state = await store.readState();
      next = Math.floor(hint * hintKept);
    }
  }
}

it('the sink stores every event exactly once and records every missing range, at whatever step the process is killed', async () => {
  await fc.assert(
    fc.asyncProperty(anyStream, fc.array(anyAttempt, { maxLength: 30 }), async (stream, attempts) => {
      const store = createMemoryEventStore();
      await consumeStream(store, stream, attempts);
      expect(inOrder(store.rows())).toEqual(inOrder(stream.rows));
      expect(new Set(store.letters().map(({ id }) => id))).toEqual(new Set(stream.letterIds));
      expect(await store.readState()).toEqual(finalState(stream));
    }),
    { numRuns: 250 },
  );
});

it('the sink does not store a row twice when it rereads the whole stream', async () => {
  await fc.assert(
    fc.asyncProperty(anyStream, async (stream) => {
      const store = createMemoryEventStore();
      await consumeStream(store, stream, []);
      await consumeStream(store, stream, []);
      expect(inOrder(store.rows())).toEqual(inOrder(stream.rows));
    }),
  );
});

it('the sink stores skipped events after rereading from the start, if the cursor was ahead of the table', async () => {
  await fc.assert(
    fc.asyncProperty(anyStream, fc.nat(100), async (stream, ahead) => {
      const store = createMemoryEventStore();
      await consumeStream(store, { ...stream, messages: stream.messages.slice(ahead) }, []);
      await consumeStream(store, stream, []);
      expect(inOrder(store.rows())).toEqual(inOrder(stream.rows));
      expect(await store.readState()).toEqual(finalState(stream));
    }),
  );
});
