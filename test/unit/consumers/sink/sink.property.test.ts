import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Sink } from '../../../../consumers/sink/sink.ts';
import type { Source } from '../../../../consumers/sources/source.ts';
import type { EventStore } from '../../../../consumers/store/event-store.ts';
import {
  createMemoryEventStore,
  type StoreCall,
  type StoreOutcome,
} from '../../../support/memory-event-store.ts';
import { createMemorySource } from '../../../support/memory-source.ts';
import { newSink, useFakeTime } from './rig.ts';
import { anyStream, finalState, inOrder, type RandomStream } from './streams.ts';

interface Plan {
  readonly maxRows: number;
  /** The number of messages that arrive together. */
  readonly portion: number;
  /** The outcome and the duration of each call to the store, in order. */
  readonly outcomes: readonly { readonly outcome: StoreOutcome; readonly takesMs: number }[];
  /** The source fails at the calls with these numbers, counted from 0. */
  readonly sourceFaults: readonly number[];
  /** For each kill: the number of the failpoint call at which it happens, and whether the committed position is lost. */
  readonly deaths: readonly { readonly passage: number; readonly hintLost: boolean }[];
}

const anyOutcome = fc.constantFrom<StoreOutcome[]>(
  'done',
  'done',
  'failed',
  'failed-but-done',
  { onlyMonth: 0 },
  { onlyMonth: 1 },
);
const anyPlan: fc.Arbitrary<Plan> = fc.record({
  maxRows: fc.integer({ min: 1, max: 30 }),
  portion: fc.integer({ min: 1, max: 200 }),
  outcomes: fc.array(fc.record({ outcome: anyOutcome, takesMs: fc.constantFrom(0, 0, 7, 1500) }), {
    maxLength: 40,
  }),
  sourceFaults: fc.array(fc.nat(40), { maxLength: 4 }),
  deaths: fc.array(fc.record({ passage: fc.nat(12), hintLost: fc.boolean() }), { maxLength: 3 }),
});

const never = new Promise<never>(() => {});

/** Wraps a store or source so that no call takes effect or returns after the simulated kill. */
function killable<T extends EventStore | Source>(port: T, isDead: () => boolean): T {
  const wrapped = Object.entries(port).map(([name, member]) => {
    if (typeof member !== 'function' || name === 'encode' || name === 'rewind') return [name, member];
    const call = async (...args: unknown[]) => {
      if (isDead()) return never;
      const answer = await member(...args);
      return isDead() ? never : answer;
    };
    return [name, call];
  });
  return Object.fromEntries(wrapped) as T;
}

function setUp(stream: RandomStream, plan: Plan, advance: (ms: number) => Promise<void>) {
  const store = createMemoryEventStore();
  const source = createMemorySource();
  const outcomes = [...plan.outcomes];
  const deaths = [...plan.deaths];
  const overlaps: StoreCall[] = [];
  let isInserting = false;
  let sourceCalls = 0;

  store.outcome = async (call) => {
    // Exactly-once delivery requires one insert at a time, and none while the high-water marks are read.
    if (isInserting) overlaps.push(call);
    isInserting = call === 'insert';
    const { outcome, takesMs } = outcomes.shift() ?? { outcome: 'done', takesMs: 0 };
    if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
    isInserting = false;
    return outcome;
  };
  source.fault = () => {
    if (plan.sourceFaults.includes(sourceCalls++)) throw new Error('planned: the source fails');
  };

  /** Runs one sink until it is killed or everything is stored. */
  async function runSink(): Promise<'crashed' | 'done'> {
    const death = deaths.shift();
    let passages = 0;
    let isCrashed = false;
    const isDead = () => isCrashed;
    const failpoint = () => {
      if (passages++ !== death?.passage) return;
      isCrashed = true;
      throw new Error('planned: death');
    };
    source.rewind();
    const sink = newSink(
      { source: killable(source, isDead), store: killable(store, isDead), failpoint },
      plan,
    );
    sink.start();
    while (!isCrashed && source.hinted < stream.messages.length - 1) await advance(200);
    if (!isCrashed) await stop(sink);
    if (isCrashed && death?.hintLost) source.hinted = -1;
    await advance(2000);
    return isCrashed ? 'crashed' : 'done';
  }

  async function stop(sink: Sink): Promise<void> {
    const stopping = sink.stop();
    await advance(2000);
    await stopping;
  }

  return { store, source, overlaps, runSink };
}

it('the sink stores every event exactly once, even if calls are slow, fail or report a wrong result, or the process is killed', async () => {
  const { advance, reset } = useFakeTime();
  await fc.assert(
    fc.asyncProperty(anyStream, anyPlan, async (stream, plan) => {
      reset();
      const { store, source, overlaps, runSink } = setUp(stream, plan, advance);
      for (let at = 0; at < stream.messages.length; at += plan.portion)
        setTimeout(() => source.push(stream.messages.slice(at, at + plan.portion)), at * 10);
      while ((await runSink()) === 'crashed');
      store.outcome = () => 'done';
      expect(overlaps).toEqual([]);
      expect(inOrder(store.rows())).toEqual(inOrder(stream.rows));
      expect(new Set(store.letters().map(({ id }) => id))).toEqual(new Set(stream.letterIds));
      expect(await store.readState()).toEqual(finalState(stream));
    }),
    { numRuns: 80 },
  );
});
