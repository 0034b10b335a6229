import type { Clock } from '../../platform/clock.ts';
import type { RevocationStore, StoredRevocation } from './revocation-store.ts';

/**
 * Ends one session. Takes effect in this process before the promise resolves, and in other processes within 2 s.
 * @param lastEndMs latest time at which the session could end without a sign-out. The store keeps the record until then.
 * @throws AppError `control_store_unavailable`.
 */
export type EndSession = (
  session: { readonly sessionId: string; readonly configurationId: string },
  lastEndMs: number,
) => Promise<void>;

/** Creates the function that ends single sessions. */
export function createSessionEnding(deps: {
  readonly store: Pick<RevocationStore, 'save'>;
  readonly cache: { add(revocation: StoredRevocation): Promise<void> | void };
  readonly clock: Clock;
}): EndSession {
  const { store, cache, clock } = deps;
  return async ({ sessionId, configurationId }, lastEndMs) => {
    const ended = await store.save(() => ({
      ...{ kind: 'session', configurationId, digest: sessionId, expiresAtMs: lastEndMs },
      ...{ revokedAtMs: clock.nowMs(), sessionsEndedAtMs: clock.nowMs(), untilMs: undefined },
    }));
    await cache.add(ended);
  };
}
