import { createWatchedCache } from '../../platform/background/watched-cache.ts';
import type { Clock } from '../../platform/clock.ts';
import { digestOfSubject, isCutOff, isInEffect } from './revocation-rules.ts';
import type { RevocationStore, StoredRevocation } from './revocation-store.ts';
import type { RevocableToken, Revocations } from './revocations.ts';

/** Caches all revocations in memory, so that an exchange does not read from the store. */
export interface RevocationCache extends Revocations {
  /** Adds a revocation that was just stored, so that the revocation takes effect in this process immediately. */
  add(revocation: StoredRevocation): void;
  /** Loads changes by other processes. If the store fails, the cached revocations stay in effect. */
  refresh(): Promise<void>;
  /** Reloads all revocations. Revocations that are no longer in the store are dropped. */
  reload(): Promise<void>;
}

interface ConfigurationRevocations {
  whole: StoredRevocation | undefined;
  readonly subjects: Map<string, StoredRevocation>;
  readonly tokens: Map<string, StoredRevocation>;
  readonly sessions: Map<string, StoredRevocation>;
}
type RevocationMap = Map<string, ConfigurationRevocations>;

/** Creates the cache and loads all revocations. */
export async function createRevocationCache(
  store: Pick<RevocationStore, 'revision' | 'changedSince' | 'readAll'>,
  clock: Clock,
): Promise<RevocationCache> {
  const cache = await createWatchedCache<RevocationMap>({
    revision: () => store.revision(),
    createEmpty: () => new Map(),
    async load(revocationsById) {
      for await (const page of store.readAll())
        for (const revocation of page) put(revocationsById, revocation);
    },
    async readChanges(sinceRevision) {
      const changed = await store.changedSince(sinceRevision);
      return (revocationsById) => {
        for (const revocation of changed) put(revocationsById, revocation);
      };
    },
  });

  return {
    add: (revocation) => cache.apply((revocationsById) => put(revocationsById, revocation)),
    refresh: cache.refresh,
    reload: cache.reload,
    isRevoked: (token) =>
      revocationsOver(cache.value(), token).some(
        (revocation) =>
          revocation !== undefined &&
          isInEffect(revocation, clock.nowMs()) &&
          isCovered(revocation, token.issuedAtS, revocation.revokedAtMs, clock.nowMs()),
      ),
    isSessionEnded: (session) =>
      cache.value().get(session.configurationId)?.sessions.has(session.sessionId) === true ||
      revocationsOver(cache.value(), session).some((revocation) => {
        const endedAtMs = revocation?.sessionsEndedAtMs;
        if (revocation === undefined || endedAtMs === undefined) return false;
        const { startedAtMs, issuedAtS } = session;
        if (startedAtMs <= endedAtMs) return true;
        return (
          isInEffect(revocation, startedAtMs) && isCovered(revocation, issuedAtS, endedAtMs, startedAtMs)
        );
      }),
  };
}

/**
 * Returns the revocations that may apply to a token: those of its configuration, of its subject, and of the token
 * itself.
 */
function revocationsOver(
  revocationsById: RevocationMap,
  { configurationId, subject, digest }: RevocableToken,
): readonly (StoredRevocation | undefined)[] {
  const revocations = revocationsById.get(configurationId);
  if (revocations === undefined) return noMatches;
  return [revocations.whole, findForSubject(revocations, subject), revocations.tokens.get(digest)];
}

const noMatches: readonly undefined[] = [];

function isCovered(
  { kind }: StoredRevocation,
  issuedAtS: number | undefined,
  cutOffMs: number,
  usedAtMs: number,
): boolean {
  return kind === 'token' || isCutOff(issuedAtS, cutOffMs, usedAtMs);
}

/**
 * Returns the revocation of a subject. It computes the digest of the subject, which takes a microsecond, only if any
 * subject is revoked.
 */
function findForSubject(
  { subjects }: ConfigurationRevocations,
  subject: string,
): StoredRevocation | undefined {
  return subjects.size === 0 ? undefined : subjects.get(digestOfSubject(subject));
}

/**
 * Adds a revocation to the cache, unless the cache contains a newer state of the revocation. Each stored state includes
 * the earlier states, so the newest state is sufficient.
 */
function put(revocationsById: RevocationMap, revocation: StoredRevocation): void {
  const { configurationId, kind, digest } = revocation;
  let revocations = revocationsById.get(configurationId);
  if (revocations === undefined) {
    revocations = { whole: undefined, subjects: new Map(), tokens: new Map(), sessions: new Map() };
    revocationsById.set(configurationId, revocations);
  }
  if (kind === 'configuration') {
    revocations.whole = newerOf(revocations.whole, revocation);
    return;
  }
  const byDigest = {
    token: revocations.tokens,
    subject: revocations.subjects,
    session: revocations.sessions,
  }[kind];
  byDigest.set(digest, newerOf(byDigest.get(digest), revocation));
}

function newerOf(existing: StoredRevocation | undefined, revocation: StoredRevocation): StoredRevocation {
  return existing !== undefined && existing.revision > revocation.revision ? existing : revocation;
}
