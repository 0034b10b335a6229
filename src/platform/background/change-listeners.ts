import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Refreshes the in-memory copies of stored data after this process has changed the data. The response to the change
 * is sent after that.
 */
export interface ChangeListeners {
  /** Adds a listener that rereads the store. */
  add(listener: () => Promise<void>): void;
  /**
   * Calls all listeners. Resolves when they have reread the store, or after 1 second. A listener that fails or is
   * late is ignored, because it also polls the store.
   */
  notify(): Promise<void>;
}

/** Maximum wait for listeners. A slower listener sees the change at its next poll of the store, within 2 seconds. */
const maxWaitMs = 1000;

/** Creates an empty list of listeners. */
export function createChangeListeners(): ChangeListeners {
  const listeners: (() => Promise<void>)[] = [];
  return {
    add: (listener) => void listeners.push(listener),
    async notify() {
      if (listeners.length === 0) return;
      const timer = new AbortController();
      const timeout = sleep(maxWaitMs, undefined, { signal: timer.signal }).catch(() => {});
      await Promise.race([Promise.allSettled(listeners.map((listener) => listener())), timeout]);
      timer.abort();
    },
  };
}
