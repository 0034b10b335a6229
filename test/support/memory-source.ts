import type { Source, SourceMessage } from '../../consumers/sources/source.ts';
import { createSignal } from '../../src/platform/background/signal.ts';

export type SourceCall = 'read' | 'hint';

export interface MemorySource extends Source {
  /** Runs before each call. The call fails if this function throws. */
  fault: (call: SourceCall) => void;
  /** The last committed position: all messages up to this position are stored. -1 means that nothing was committed. */
  hinted: number;
  /** Adds messages. The first message has position 0. */
  push(messages: readonly Omit<SourceMessage, 'position'>[]): void;
}

/** Creates an in-memory stream that can be reread from its last committed position, or otherwise from its start. */
export function createMemorySource(): MemorySource {
  const messages: SourceMessage[] = [];
  const arrivals = createSignal();
  let next = 0;

  const source: MemorySource = {
    name: 'memory',
    hinted: -1,
    fault: () => {},
    async read(max) {
      source.fault('read');
      const portion = messages.slice(next, next + max);
      next += portion.length;
      return portion;
    },
    async waitForMore(timeoutMs) {
      if (next >= messages.length) await arrivals.wait(timeoutMs);
    },
    async hint(position) {
      source.fault('hint');
      source.hinted = position;
    },
    rewind() {
      next = source.hinted + 1;
    },
    push(added) {
      for (const message of added) messages.push({ ...message, position: messages.length });
      arrivals.wake();
    },
  };
  return source;
}
