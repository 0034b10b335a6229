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
  /** Returns the session, exchanged or renewed if needed. */
  get(): Promise<WatSession>;
  /** Returns a session that replaces a refused one, or the current session if the refused one has been replaced already. */
  replace(refused: WatSession): Promise<WatSession>;
  /** Drops the session from memory and from the storage. */
  forget(): void;
}

/** The minimum time between renewals, whatever the clocks of browser and gateway show. */
const minRenewalMs = 30_000;

/**
 * Keeps one session, and makes one call for it at a time, however many requests wait. Every exchange counts a session. So
 * the keeper exchanges a token only without a session, or when the gateway reports that the session has ended. Neither the
 * browser's clock nor a 401 of the application decides that.
 */
export function createSessionKeeper(deps: SessionKeeperDeps): SessionKeeper {
  const { exchange, storage, storageKey } = deps;
  let current = restore(deps);
  let renewAtMs = 0;
  let pending: Promise<WatSession> | undefined;
  if (current) schedule(current);

  /** Schedules the renewal after half of the remaining lifetime, by the browser's clock. */
  function schedule({ expiresAt }: WatSession): void {
    const nowMs = Date.now();
    renewAtMs = nowMs + Math.max((Date.parse(expiresAt) - nowMs) / 2, minRenewalMs);
  }

  function startOnce(call: () => Promise<WatSession>): Promise<WatSession> {
    if (pending) return pending;
    const started = call()
      .then((session) => {
        // The session may have been dropped in the meantime.
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
      // A failed renewal is retried later; the session stays valid until then.
      if (!isOver) schedule(session);
      const renewed = startOnce(() => renewOrExchange(deps, session));
      if (isOver) return renewed;
      renewed.catch(() => {});
      return session;
    },
    async replace(refused) {
      // A dropped session is not restored.
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

/** A storage may be full or forbidden. The session then stays in memory only. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
