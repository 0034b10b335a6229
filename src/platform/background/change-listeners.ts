import { setTimeout as sleep } from 'node:timers/promises';

/** Those who keep in memory what this process changes in a store, and must know of a change before it is answered. */
export interface Followers {
  add(look: () => Promise<void>): void;
  /** Resolves when all of them have looked at the store. One that does not answer is not waited for: it looks anyway. */
  look(): Promise<void>;
}

/** Within twice as long they have looked by themselves. */
const patienceMs = 1000;

export function createFollowers(): Followers {
  const looks: (() => Promise<void>)[] = [];
  return {
    add: (look) => void looks.push(look),
    async look() {
      if (looks.length === 0) return;
      const enough = new AbortController();
      const patience = sleep(patienceMs, undefined, { signal: enough.signal }).catch(() => {});
      await Promise.race([Promise.allSettled(looks.map((one) => one())), patience]);
      enough.abort();
    },
  };
}
