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
   * Returns a session that replaces a session to which a server responded 401. If the session has already been
   * replaced, returns the current session.
   */
  replace(refused: WatSession): Promise<WatSession>;
  /** Drops the session from memory and from the storage. */
  forget(): void;
}

/** Minimum time between renewals, independent of the clocks of browser and gateway. */
const minRenewalMs = 30_000;

/**
 * Creates a keeper for one session. It makes one gateway call at a time, even if many requests wait. Every exchange
 * counts a session. The keeper therefore exchanges a token only if there is no session, or if the gateway reports
 * that the session has ended. The browser's clock or a 401 from the application does not trigger an exchange.
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
        // If `forget` dropped the session during the call, the new session must not be kept.
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
      // The session is still valid. If this renewal fails, a later call retries it.
      if (!isOver) schedule(session);
      const renewed = startOnce(() => renewOrExchange(deps, session));
      if (isOver) return renewed;
      renewed.catch(() => {});
      return session;
    },
    async replace(refused) {
      // A session that `forget` has dropped, or that was already replaced, must not be restored.
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
 * Calls the storage and ignores its errors, because a storage may be full or forbidden. The session is then only in
 * memory.
 */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
