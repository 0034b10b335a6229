import { createWatchedCache } from '../../platform/background/watched-cache.ts';
import { digestOfSubject, isCutOff, mergeRevocations, type Revocation } from './revocation-rules.ts';
import type { RevocationStore } from './revocation-store.ts';
import type { RevocableToken, Revocations } from './revocations.ts';

/** All revocations in memory, so that an exchange reads no store. */
export interface RevocationCache extends Revocations {
  /** Puts a revocation that was just stored into effect in this process, at once. */
  add(revocation: Revocation): void;
  /** Reads the changes of other processes. If the store fails, the cached revocations stay in effect. */
  refresh(): Promise<void>;
  /** Reads all revocations again, and so drops those that were removed from the store. */
  reload(): Promise<void>;
}

interface ConfigurationRevocations {
  whole: Revocation | undefined;
  readonly subjects: Map<string, Revocation>;
  readonly tokens: Map<string, Revocation>;
}
type RevocationMap = Map<string, ConfigurationRevocations>;

/** Returns the revocations of the store, which it first reads into memory. */
export async function createRevocationCache(
  store: Pick<RevocationStore, 'revision' | 'changedSince' | 'readAll'>,
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
          revocation !== undefined && isCovered(revocation, token.issuedAtS, revocation.revokedAtMs),
      ),
    isSessionEnded: (session) =>
      revocationsOver(cache.value(), session).some((revocation) => {
        const endedAtMs = revocation?.sessionsEndedAtMs;
        if (revocation === undefined || endedAtMs === undefined) return false;
        return session.startedAtMs <= endedAtMs || isCovered(revocation, session.issuedAtS, endedAtMs);
      }),
  };
}

/** Returns the revocations that may apply to a token: those of its configuration, its subject and the token itself. */
function revocationsOver(
  revocationsById: RevocationMap,
  { configurationId, subject, digest }: RevocableToken,
): readonly (Revocation | undefined)[] {
  const revocations = revocationsById.get(configurationId);
  if (revocations === undefined) return noMatches;
  return [revocations.whole, findForSubject(revocations, subject), revocations.tokens.get(digest)];
}

const noMatches: readonly undefined[] = [];

function isCovered({ kind }: Revocation, issuedAtS: number | undefined, cutOffMs: number): boolean {
  return kind === 'token' || isCutOff(issuedAtS, cutOffMs);
}

/** The digest of a subject takes a microsecond, so it is computed only if a subject is revoked. */
function findForSubject({ subjects }: ConfigurationRevocations, subject: string): Revocation | undefined {
  return subjects.size === 0 ? undefined : subjects.get(digestOfSubject(subject));
}

/** Adds a revocation. The result is the stricter one, in whichever order they arrive. */
function put(revocationsById: RevocationMap, revocation: Revocation): void {
  const { configurationId, kind, digest } = revocation;
  let revocations = revocationsById.get(configurationId);
  if (revocations === undefined) {
    revocations = { whole: undefined, subjects: new Map(), tokens: new Map() };
    revocationsById.set(configurationId, revocations);
  }
  if (kind === 'configuration') {
    const { whole } = revocations;
    revocations.whole = whole === undefined ? revocation : mergeRevocations(whole, revocation);
    return;
  }
  const byDigest = kind === 'token' ? revocations.tokens : revocations.subjects;
  const existing = byDigest.get(digest);
  byDigest.set(digest, existing === undefined ? revocation : mergeRevocations(existing, revocation));
}
