import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Refreshes the in-memory copies of stored data when this process changes the data, before it responds to the
 * change.
 */
export interface ChangeListeners {
  /** Adds a listener that rereads the store. */
  add(listener: () => Promise<void>): void;
  /**
   * Calls all listeners. Resolves when they have reread the store, or after 1 second. It ignores failures of
   * listeners, because they also poll the store.
   */
  notify(): Promise<void>;
}

/**
 * Maximum wait. A listener that takes longer sees the change at its next poll of the store, within 2 seconds.
 */
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
