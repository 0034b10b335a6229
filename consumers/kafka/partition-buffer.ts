import { createSignal, type Signal } from '../../src/platform/background/signal.ts';
import type { Source, SourceMessage } from '../sources/source.ts';

export interface PartitionBufferConfig {
  readonly name: string;
  /**
   * Offset of the first message to read. If the topic has no message at this offset, reading starts at the next
   * message.
   */
  readonly startOffset: number;
  /** Number of unread messages at which fetching pauses. Fetching resumes when half of the messages are read. */
  readonly limitMessages: number;
}

export interface PartitionBufferDeps {
  /** Commits an offset. The sink has stored all messages with lower offsets. A commit may fail or be lost. */
  commit(nextOffset: number): void;
  pause(): void;
  resume(): void;
}

/** A queue between Kafka, which pushes messages, and a sink, which pulls them. */
export interface PartitionBuffer extends Source {
  /**
   * Adds fetched messages.
   *
   * @param fetchedOffset the requested offset of the fetch. The topic has no messages between this offset and the
   * first message.
   * @returns undefined if the messages were added, or else the offset from which to fetch. Messages from a fetch
   * beyond the expected offset are not added, because the messages in between would be skipped.
   */
  offer(messages: readonly SourceMessage[], fetchedOffset: number): number | undefined;
  /** Returns the next offset that the buffer expects. */
  expectedOffset(): number;
}

interface BufferState {
  readonly limitMessages: number;
  readonly deps: PartitionBufferDeps;
  readonly arrivals: Signal;
  messages: SourceMessage[];
  /** Index of the next message to read. */
  head: number;
  expectedOffset: number;
  isPaused: boolean;
}

/**
 * Creates the buffer of one partition. It delivers messages in offset order without skipping any: it drops messages
 * that kafkajs fetches twice, and fetches messages again that kafkajs skips. It keeps messages until their offset is
 * committed, so a rewind needs no fetch.
 */
export function createPartitionBuffer(
  { name, startOffset, limitMessages }: PartitionBufferConfig,
  deps: PartitionBufferDeps,
): PartitionBuffer {
  const buffer: BufferState = {
    ...{ limitMessages, deps, arrivals: createSignal() },
    ...{ messages: [], head: 0, expectedOffset: startOffset, isPaused: false },
  };
  return {
    name,
    offer: (fetched, fetchedOffset) => take(buffer, fetched, fetchedOffset),
    expectedOffset: () => buffer.expectedOffset,
    read: async (max) => read(buffer, max),
    async waitForMore(timeoutMs) {
      if (unreadCount(buffer) === 0) await buffer.arrivals.wait(timeoutMs);
    },
    async hint(position) {
      dropUpTo(buffer, position);
      deps.commit(position + 1);
    },
    rewind() {
      buffer.head = 0;
    },
  };
}

function take(
  buffer: BufferState,
  fetched: readonly SourceMessage[],
  fetchedOffset: number,
): number | undefined {
  const { expectedOffset } = buffer;
  const last = fetched.at(-1);
  if (last === undefined || last.position < expectedOffset) return undefined;
  if (fetchedOffset > expectedOffset) return expectedOffset;
  buffer.messages.push(...fetched.filter(({ position }) => position >= expectedOffset));
  buffer.expectedOffset = last.position + 1;
  if (unreadCount(buffer) >= buffer.limitMessages) setPaused(buffer, true);
  buffer.arrivals.wake();
  return undefined;
}

function read(buffer: BufferState, max: number): SourceMessage[] {
  const messages = buffer.messages.slice(buffer.head, buffer.head + max);
  buffer.head += messages.length;
  if (unreadCount(buffer) <= buffer.limitMessages / 2) setPaused(buffer, false);
  return messages;
}

function dropUpTo(buffer: BufferState, position: number): void {
  const index = buffer.messages.findIndex((message) => message.position > position);
  const count = index === -1 ? buffer.messages.length : index;
  buffer.messages = buffer.messages.slice(count);
  buffer.head = Math.max(0, buffer.head - count);
}

function unreadCount({ messages, head }: BufferState): number {
  return messages.length - head;
}

function setPaused(buffer: BufferState, isPaused: boolean): void {
  if (buffer.isPaused === isPaused) return;
  buffer.isPaused = isPaused;
  if (isPaused) buffer.deps.pause();
  else buffer.deps.resume();
}
