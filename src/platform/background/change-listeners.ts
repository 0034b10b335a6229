import { setTimeout as sleep } from 'node:timers/promises';

/** Notifies the in-memory copies of stored data when this process changes the data, before it answers the change. */
export interface ChangeListeners {
  /** Adds a listener, which reads the store again. */
  add(listener: () => Promise<void>): void;
  /**
   * Calls all listeners, and resolves when they have read the store, or after 1 second. Failures of listeners are ignored,
   * because the listeners also poll the store.
   */
  notify(): Promise<void>;
}

/** The maximum wait. A listener that takes longer reads the change in its next poll of the store, within 2 seconds. */
const maxWaitMs = 1000;

/** Returns a list of listeners that is empty at first. */
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
