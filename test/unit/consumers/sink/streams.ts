import fc from 'fast-check';
import { createDeadLetter } from '../../../../consumers/dead-letter/dead-letter.ts';
import type { SourceMessage } from '../../../../consumers/sources/source.ts';
import {
  type EventIdentity,
  encodeSessionEvent,
  type SessionEvent,
} from '../../../../src/events/session-event.ts';
import { sessionEvent } from '../../../support/arbitrary-events.ts';
import { stateOf } from '../../../support/memory-event-store.ts';

/** The end of a month. Events before and after this instant are in different partitions of the event table. */
export const monthEndMs = Date.UTC(2026, 11, 1);

/** A stream with the messages of several producers. Messages repeat, are missing, out of order or unreadable. */
export interface RandomStream {
  readonly messages: readonly SourceMessage[];
  /** The rows that a correct consumer stores: each readable event of the stream, once. */
  readonly rows: readonly SessionEvent[];
  readonly letterIds: readonly string[];
}

interface Producer {
  readonly partition: number;
  /** Events up to this sequence are before the end of the month. */
  readonly beforeMonthEnd: number;
  readonly unreadable: readonly number[];
  /** Sequences whose message is unreadable and has no identity in its headers. */
  readonly nameless: readonly number[];
}

interface Run {
  readonly producer: number;
  readonly first: number;
  readonly length: number;
  readonly order: 'rising' | 'falling';
}

const maxSequence = 16;
const anySequence = fc.integer({ min: 1, max: maxSequence });
const anyProducer: fc.Arbitrary<Producer> = fc.record({
  partition: fc.nat(1),
  beforeMonthEnd: fc.nat(maxSequence),
  unreadable: fc.array(anySequence, { maxLength: 3 }),
  nameless: fc.array(anySequence, { maxLength: 1 }),
});
const anyRun: fc.Arbitrary<Run> = fc.record({
  producer: fc.nat(2),
  first: anySequence,
  length: fc.integer({ min: 1, max: maxSequence }),
  order: fc.constantFrom('rising', 'rising', 'rising', 'falling'),
});

export const anyStream: fc.Arbitrary<RandomStream> = fc
  .tuple(
    fc.array(anyProducer, { minLength: 3, maxLength: 3 }),
    fc.array(anyRun, { minLength: 1, maxLength: 12 }),
  )
  .map(([producers, runs]) => {
    const arrivals = runs.flatMap((run) => sequencesOf(run).map((sequence) => ({ ...run, sequence })));
    return streamOf(
      arrivals.map(({ producer, sequence }) =>
        messageAt(producers[producer] as Producer, `p${producer}`, sequence),
      ),
    );
  });

function sequencesOf({ first, length, order }: Run): number[] {
  const last = Math.min(maxSequence, first + length - 1);
  const rising = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return order === 'rising' ? rising : rising.reverse();
}

interface Arrival {
  readonly message: Omit<SourceMessage, 'position'>;
  readonly event: SessionEvent | undefined;
}

function messageAt(producer: Producer, name: string, sequence: number): Arrival {
  const identity = { producer: name, partition: producer.partition, sequence };
  const side = sequence <= producer.beforeMonthEnd ? -1 : 0;
  const timeMs = monthEndMs + side * maxSequence + sequence - 1;
  if (producer.nameless.includes(sequence))
    return { message: messageOf(undefined, `?${sequence}`), event: undefined };
  if (producer.unreadable.includes(sequence)) return { message: messageOf(identity, '{'), event: undefined };
  const event = sessionEvent({ ...identity, timeMs, sessionId: sessionIdOf(identity) });
  return { message: messageOf(identity, encodeSessionEvent(event)), event };
}

/** Returns the same id for a repeated event, so that its encoded bytes are the same. */
function sessionIdOf({ producer, partition, sequence }: EventIdentity): string {
  const digits = `${producer.slice(1)}${partition}${String(sequence).padStart(6, '0')}`;
  return `0199a0b1-c2d3-7e4f-8a5b-${digits.padStart(12, '0')}`;
}

/** Creates a message with the given identity in its headers. */
export function messageOf(
  identity: EventIdentity | undefined,
  body: string,
): Omit<SourceMessage, 'position'> {
  return { identity, body, headers: '{}' };
}

/** Creates the message of an event, with the identity of the event in the headers. */
export function messageOfEvent(event: SessionEvent): Omit<SourceMessage, 'position'> {
  const { producer, partition, sequence } = event;
  return messageOf({ producer, partition, sequence }, encodeSessionEvent(event));
}

function streamOf(arrivals: readonly Arrival[]): RandomStream {
  const messages = arrivals.map(({ message }, position) => ({ ...message, position }));
  const rows = new Map<string, SessionEvent>();
  for (const { event } of arrivals) if (event !== undefined) rows.set(event.sessionId, event);
  const unread = messages.filter((_, index) => arrivals[index]?.event === undefined);
  const letterIds = new Set(unread.map((message) => createDeadLetter(message, 'memory', '').id));
  return { messages, rows: [...rows.values()], letterIds: [...letterIds] };
}

/** Returns the rows in a fixed order, for comparison. Duplicates are kept. */
export function inOrder(rows: readonly SessionEvent[]): string[] {
  return rows.map((row) => encodeSessionEvent(row)).sort();
}

/** Computes the state of a table that contains the whole stream. */
export function finalState({ messages, rows }: RandomStream) {
  const unread = messages.filter(({ body }) => !body.startsWith('{"'));
  return stateOf(
    rows,
    unread.map((message) => createDeadLetter(message, 'memory', '')),
  );
}
