import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeSessionEvent } from '../../../../src/events/decode-session-event.ts';
import type { JournalEntry } from '../../../../src/journal/log/journal.ts';
import { type CommitOutcome, createMemoryRecordLog } from '../../../support/memory-record-log.ts';
import { type Attempt, attempts, createTestClock, entriesOf, openJournal, useFakeTime } from '../rig.ts';

type Step =
  | { readonly kind: 'append'; readonly count: number }
  | { readonly kind: 'outcomes'; readonly outcomes: readonly CommitOutcome[] }
  | { readonly kind: 'hold'; readonly at: 'commit' | 'answer' }
  | { readonly kind: 'release' | 'promise' | 'crash' }
  | { readonly kind: 'read'; readonly max: number }
  /** Changes the wall clock, possibly backwards. Timers only move forwards. */
  | { readonly kind: 'clock'; readonly byMs: number };

const anyOutcome = fc.constantFrom<CommitOutcome[]>('done', 'failed', 'failed-but-done');

function steps<K extends Step['kind']>(kind: K, rest: Record<string, fc.Arbitrary<unknown>> = {}) {
  return fc.record({ kind: fc.constant(kind), ...rest }) as fc.Arbitrary<Step>;
}

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: steps('append', { count: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 5,
    arbitrary: steps('clock', {
      byMs: fc.oneof(fc.integer({ min: -9000, max: 9000 }), fc.constantFrom(1, 5, 1000)),
    }),
  },
  { weight: 3, arbitrary: steps('read', { max: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 3, arbitrary: steps('promise') },
  {
    weight: 2,
    arbitrary: steps('outcomes', { outcomes: fc.array(anyOutcome, { minLength: 1, maxLength: 4 }) }),
  },
  { weight: 2, arbitrary: steps('hold', { at: fc.constantFrom('commit', 'answer') }) },
  { weight: 2, arbitrary: steps('release') },
  { weight: 1, arbitrary: steps('crash') },
);

/** Creates a journal and runs steps on it: appends, reads, clock changes, disk failures and crashes. */
function createScript(partitions: number) {
  const clock = createTestClock();
  let log = createMemoryRecordLog();
  /** The watermarks that were read. A watermark covers the positions at and after `from` and before `until`. */
  const promises: { readonly throughMs: number; readonly from: number; until: number }[] = [];
  const config = { partitions, onStepBack: endPromises };
  let journal = openJournal(log, clock, config);
  let held: (() => void)[] = [];
  let outcomes: CommitOutcome[] = [];
  let holdingAt: 'commit' | 'answer' | undefined;
  let firstOfRun = 0;
  const attempted: Attempt[] = [];
  const seen: JournalEntry[] = [];

  /** Ends all watermarks, because a watermark does not cover the events of the producer after a backward clock step. */
  function endPromises(): void {
    for (const promise of promises) promise.until = Math.min(promise.until, entriesOf(log).length + 1);
  }

  function wire(): void {
    const gate = (at: string) =>
      holdingAt === at ? new Promise<void>((resolve) => held.push(resolve)) : undefined;
    log.outcome = async () => {
      await gate('commit');
      return outcomes.shift() ?? 'done';
    };
    log.answer = () => gate('answer');
  }

  function release(): void {
    holdingAt = undefined;
    for (const resolve of held) resolve();
    held = [];
  }

  function promise(): void {
    const throughMs = journal.completeThroughMs();
    const earlier = promises.slice(firstOfRun).map((watermark) => watermark.throughMs);
    expect(throughMs).toBeGreaterThanOrEqual(Math.max(0, ...earlier));
    expect(throughMs).toBeLessThanOrEqual(clock.ms);
    promises.push({ throughMs, from: journal.startPosition(), until: Number.POSITIVE_INFINITY });
  }

  function crash(): void {
    release();
    log = log.reopen();
    wire();
    // The guarantee does not cover a clock that is set back while no process runs.
    clock.ms = Math.max(clock.ms, ...promises.map(({ throughMs }) => throughMs));
    journal = openJournal(log, clock, config);
    firstOfRun = promises.length;
  }

  function read(max: number): void {
    const entries = journal.read(journal.startPosition(), max);
    seen.push(...entries);
    const last = entries.at(-1);
    if (last !== undefined) journal.acknowledge(last.position + 1);
    expect(journal.status().pendingEvents).toBeGreaterThanOrEqual(0);
  }

  wire();
  return {
    attempted,
    seen,
    promises,
    promise,
    release,
    entries: () => entriesOf(log),
    step(step: Step): void {
      switch (step.kind) {
        case 'append':
          attempted.push(...attempts(journal, step.count));
          return;
        case 'read':
          read(step.max);
          return;
        case 'promise':
          promise();
          return;
        case 'outcomes':
          outcomes = [...step.outcomes];
          return;
        case 'hold':
          holdingAt = step.at;
          return;
        case 'release':
          release();
          return;
        case 'crash':
          crash();
          return;
        default:
          clock.ms += step.byMs;
          if (step.byMs < 0) firstOfRun = promises.length;
      }
    },
  };
}

type Script = ReturnType<typeof createScript>;

function checkNumbers(entries: readonly JournalEntry[]): void {
  const last = new Map<string, JournalEntry>();
  entries.forEach((entry, index) => {
    const stream = `${entry.producer}/${entry.partition}`;
    expect(entry.position).toBe(index + 1);
    expect(entry.sequence).toBe((last.get(stream)?.sequence ?? 0) + 1);
    const previous = entries[index - 1];
    if (previous?.producer === entry.producer) expect(entry.timeMs).toBeGreaterThanOrEqual(previous.timeMs);
    last.set(stream, entry);
  });
}

function checkAnswers({ attempted, seen }: Script, entries: readonly JournalEntry[]): void {
  const bySession = new Map<string, JournalEntry[]>();
  for (const entry of entries) {
    const decoded = decodeSessionEvent(entry.body);
    if (decoded.kind !== 'event') throw new Error('an event in the journal cannot be read');
    const { producer, partition, sequence, timeMs } = entry;
    expect(decoded.event).toMatchObject({ producer, partition, sequence, timeMs });
    bySession.set(decoded.event.sessionId, [...(bySession.get(decoded.event.sessionId) ?? []), entry]);
  }
  for (const { session, accepted, error } of attempted) {
    const stored = bySession.get(session.sessionId) ?? [];
    if (accepted !== undefined) expect(stored).toMatchObject([accepted]);
    expect(stored.length).toBeLessThanOrEqual(1);
    if (error !== undefined) expect(error.code).toBe('journal_unavailable');
  }
  expect(seen).toEqual(seen.map(({ position }) => entries[position - 1]));
}

function checkPromises({ promises }: Script, entries: readonly JournalEntry[]): void {
  for (const { throughMs, from, until } of promises) {
    const covered = entries.filter(({ position }) => position >= from && position < until);
    const late = covered.filter(({ timeMs }) => timeMs < throughMs);
    expect(late).toEqual([]);
  }
}

it('the journal has no gaps, stores every accepted event once and keeps its watermarks, for any appends, disk failures, crashes and clock changes', async () => {
  const time = useFakeTime();
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyStep, { maxLength: 40 }),
      fc.integer({ min: 1, max: 3 }),
      async (steps, partitions) => {
        time.reset();
        const script = createScript(partitions);
        for (const step of steps) {
          script.step(step);
          await time.advance(step.kind === 'clock' ? Math.max(0, step.byMs) : 0);
        }
        script.release();
        await time.advance(5000);
        script.promise();
        const entries = script.entries();
        checkNumbers(entries);
        checkAnswers(script, entries);
        checkPromises(script, entries);
      },
    ),
    { numRuns: 150 },
  );
});
