import { hasEnded } from './errors.ts';
import { isSession, type WatSession } from './gateway.ts';

/** As much of `sessionStorage` as is needed. */
export interface SessionStorageLike {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface SessionKeeperDeps {
  readonly exchange: () => Promise<WatSession>;
  readonly renew: (session: WatSession) => Promise<WatSession>;
  readonly storage: SessionStorageLike | undefined;
  readonly storageKey: string;
}

export interface SessionKeeper {
  get(): Promise<WatSession>;
  /** One in place of a session that was refused; the present one, if that has been replaced meanwhile. */
  replace(refused: WatSession): Promise<WatSession>;
  forget(): void;
}

/** No more often, whatever the clocks of browser and gateway say. */
const minRenewalMs = 30_000;

/**
 * One session, and one call for it at a time however many wait. Every exchange is a session that is counted, so there is
 * one only when there is none, or when the gateway itself says that it has ended: neither the clock of the browser nor a
 * 401 of the application decides that.
 */
export function createSessionKeeper(deps: SessionKeeperDeps): SessionKeeper {
  const { exchange, storage, storageKey } = deps;
  let current = restore(deps);
  let renewAtMs = 0;
  let underWay: Promise<WatSession> | undefined;
  if (current) schedule(current);

  /** At half of its time, as far as the clock can be trusted. */
  function schedule({ expiresAt }: WatSession): void {
    const nowMs = Date.now();
    renewAtMs = nowMs + Math.max((Date.parse(expiresAt) - nowMs) / 2, minRenewalMs);
  }

  function once(make: () => Promise<WatSession>): Promise<WatSession> {
    if (underWay) return underWay;
    const mine = make()
      .then((session) => {
        // It may have been forgotten meanwhile.
        if (underWay === mine) keep(session);
        return session;
      })
      .finally(() => {
        if (underWay === mine) underWay = undefined;
      });
    underWay = mine;
    return mine;
  }

  function keep(session: WatSession): void {
    current = session;
    schedule(session);
    attempt(() => storage?.setItem(storageKey, JSON.stringify(session)));
  }

  return {
    async get() {
      const session = current;
      if (!session) return once(exchange);
      if (Date.now() < renewAtMs) return session;
      const isOver = Date.now() >= Date.parse(session.expiresAt);
      // Tried again later when it fails; meanwhile the session serves.
      if (!isOver) schedule(session);
      const renewed = once(() => renewOrExchange(deps, session));
      if (isOver) return renewed;
      renewed.catch(() => {});
      return session;
    },
    async replace(refused) {
      // One that was forgotten is not brought back.
      if (current !== refused) return this.get();
      return once(() => renewOrExchange(deps, refused));
    },
    forget() {
      current = undefined;
      underWay = undefined;
      attempt(() => storage?.removeItem(storageKey));
    },
  };
}

async function renewOrExchange(
  { renew, exchange }: SessionKeeperDeps,
  session: WatSession,
): Promise<WatSession> {
  try {
    return await renew(session);
  } catch (error) {
    if (hasEnded(error)) return exchange();
    throw error;
  }
}

function restore({ storage, storageKey }: SessionKeeperDeps): WatSession | undefined {
  const stored: unknown = attempt(() => JSON.parse(storage?.getItem(storageKey) ?? 'null'));
  return isSession(stored) ? stored : undefined;
}

/** A storage may be full, or forbidden: then memory has to do. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
