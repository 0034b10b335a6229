import { hasEnded } from './errors.ts';
import { isSession, type WatSession } from './gateway.ts';

/** The part of the `Storage` interface that the client uses. */
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
  /** Returns the session. Exchanges a token or renews the session if needed. */
  get(): Promise<WatSession>;
  /**
   * Returns a session that replaces a rejected one, or the current session if the rejected one has already
   * been replaced.
   */
  replace(refused: WatSession): Promise<WatSession>;
  /** Drops the session from memory and from the storage. */
  forget(): void;
}

/** Minimum time between renewals, independent of the clocks of browser and gateway. */
const minRenewalMs = 30_000;

/**
 * Creates a keeper for one session. It makes one gateway call at a time, even if many requests wait. Every
 * exchange counts a session, so it exchanges a token only if there is no session or the gateway reports that
 * the session has ended. Neither the browser's clock nor a 401 from the application triggers an exchange.
 */
export function createSessionKeeper(deps: SessionKeeperDeps): SessionKeeper {
  const { exchange, storage, storageKey } = deps;
  let current = restore(deps);
  let renewAtMs = 0;
  let pending: Promise<WatSession> | undefined;
  if (current) schedule(current);

  /** Schedules the renewal after half of the remaining lifetime, based on the browser's clock. */
  function schedule({ expiresAt }: WatSession): void {
    const nowMs = Date.now();
    renewAtMs = nowMs + Math.max((Date.parse(expiresAt) - nowMs) / 2, minRenewalMs);
  }

  function startOnce(call: () => Promise<WatSession>): Promise<WatSession> {
    if (pending) return pending;
    const started = call()
      .then((session) => {
        // `forget` may have dropped the session during the call.
        if (pending === started) keep(session);
        return session;
      })
      .finally(() => {
        if (pending === started) pending = undefined;
      });
    pending = started;
    return started;
  }

  function keep(session: WatSession): void {
    current = session;
    schedule(session);
    attempt(() => storage?.setItem(storageKey, JSON.stringify(session)));
  }

  return {
    async get() {
      const session = current;
      if (!session) return startOnce(exchange);
      if (Date.now() < renewAtMs) return session;
      const isOver = Date.now() >= Date.parse(session.expiresAt);
      // A failed renewal is retried later. The session stays valid until then.
      if (!isOver) schedule(session);
      const renewed = startOnce(() => renewOrExchange(deps, session));
      if (isOver) return renewed;
      renewed.catch(() => {});
      return session;
    },
    async replace(refused) {
      // Do not restore a dropped session.
      if (current !== refused) return this.get();
      return startOnce(() => renewOrExchange(deps, refused));
    },
    forget() {
      current = undefined;
      pending = undefined;
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

/**
 * Runs storage access and ignores errors, because a storage may be full or forbidden. The session is then
 * only in memory.
 */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
