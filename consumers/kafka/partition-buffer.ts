import { createWakeup } from '../../src/platform/background/signal.ts';
import type { Source, SourceMessage } from '../sources/source.ts';

export interface PartitionBufferConfig {
  readonly name: string;
  /** Offset that the first message must have, or the next one that exists behind it. */
  readonly startOffset: number;
  /** So many unread messages are enough: the partition is paused until half of them are read. */
  readonly limitMessages: number;
}

export interface PartitionBufferDeps {
  /** Everything before this offset is stored. A hint: it may fail or be lost. */
  commit(nextOffset: number): void;
  pause(): void;
  resume(): void;
}

/** What Kafka pushes, for a sink that pulls. */
export interface PartitionBuffer extends Source {
  /**
   * Takes what was fetched. Undefined when it was taken; else the offset to fetch from instead, because messages
   * between it and these were not seen: a fetch from another position would become a hole.
   * @param fetchedOffset the offset that was asked for; what is missing behind it does not exist.
   */
  offer(messages: readonly SourceMessage[], fetchedOffset: number): number | undefined;
  /** The offset that comes next. */
  expectedOffset(): number;
}

/**
 * One partition's messages, in the order of their offsets, without one left out: whatever kafkajs fetches twice is
 * dropped, whatever it skips is asked for. Messages stay until they are hinted, so that a rewind needs no fetch.
 */
export function createPartitionBuffer(
  { name, startOffset, limitMessages }: PartitionBufferConfig,
  deps: PartitionBufferDeps,
): PartitionBuffer {
  const arrivals = createWakeup();
  let messages: SourceMessage[] = [];
  /** Index of the next message to read. */
  let head = 0;
  let expectedOffset = startOffset;
  let paused = false;

  function setPaused(wanted: boolean): void {
    if (paused === wanted) return;
    paused = wanted;
    if (paused) deps.pause();
    else deps.resume();
  }

  return {
    name,
    offer(fetched, fetchedOffset) {
      const last = fetched.at(-1);
      if (last === undefined || last.position < expectedOffset) return undefined;
      if (fetchedOffset > expectedOffset) return expectedOffset;
      messages.push(...fetched.filter(({ position }) => position >= expectedOffset));
      expectedOffset = last.position + 1;
      if (messages.length - head >= limitMessages) setPaused(true);
      arrivals.wake();
      return undefined;
    },
    expectedOffset: () => expectedOffset,
    async read(max) {
      const taken = messages.slice(head, head + max);
      head += taken.length;
      if (messages.length - head <= limitMessages / 2) setPaused(false);
      return taken;
    },
    async waitForMore(timeoutMs) {
      if (head < messages.length) return;
      await arrivals.wait(timeoutMs);
    },
    async hint(position) {
      const settled = messages.findIndex((message) => message.position > position);
      const count = settled === -1 ? messages.length : settled;
      messages = messages.slice(count);
      head = Math.max(0, head - count);
      deps.commit(position + 1);
    },
    rewind() {
      head = 0;
    },
  };
}
