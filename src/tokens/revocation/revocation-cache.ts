import { createWatchedCache } from '../../platform/background/watched-cache.ts';
import { digestOfSubject, isCutOff, merged, type Revocation } from './revocation-rules.ts';
import type { RevocationStore } from './revocation-store.ts';
import type { RevocableToken, Revocations } from './revocations.ts';

/** All revocations in memory, so that an exchange asks no store. */
export interface RevocationList extends Revocations {
  /** Acts at once, in this process: what was just stored. */
  add(revocation: Revocation): void;
  /** Reads what other processes have changed. When the store fails, what is known goes on. */
  refresh(): Promise<void>;
  /** Reads everything anew: what was removed from the store is forgotten. */
  reload(): Promise<void>;
}

interface OfConfiguration {
  whole: Revocation | undefined;
  readonly subjects: Map<string, Revocation>;
  readonly tokens: Map<string, Revocation>;
}
type Known = Map<string, OfConfiguration>;

export async function createRevocationList(
  store: Pick<RevocationStore, 'revision' | 'changedSince' | 'readAll'>,
): Promise<RevocationList> {
  const cache = await createWatchedCache<Known>({
    revision: () => store.revision(),
    createEmpty: () => new Map(),
    async load(known) {
      for await (const page of store.readAll()) for (const revocation of page) put(known, revocation);
    },
    async readChanges(sinceRevision) {
      const changed = await store.changedSince(sinceRevision);
      return (known) => {
        for (const revocation of changed) put(known, revocation);
      };
    },
  });

  return {
    add: (revocation) => cache.apply((known) => put(known, revocation)),
    refresh: cache.refresh,
    reload: cache.reload,
    isRevoked: (token) =>
      revocationsOver(cache.value(), token).some(
        (one) => one !== undefined && isOver(one, token.issuedAtS, one.revokedAtMs),
      ),
    isSessionEnded: (session) =>
      revocationsOver(cache.value(), session).some((one) => {
        const endedAtMs = one?.sessionsEndedAtMs;
        if (one === undefined || endedAtMs === undefined) return false;
        return session.startedAtMs <= endedAtMs || isOver(one, session.issuedAtS, endedAtMs);
      }),
  };
}

/** Returns the revocations that a token is under: its own, its subject's, its configuration's. */
function revocationsOver(
  known: Known,
  { configurationId, subject, digest }: RevocableToken,
): readonly (Revocation | undefined)[] {
  const of = known.get(configurationId);
  return of === undefined ? none : [of.whole, ofSubject(of, subject), of.tokens.get(digest)];
}

const none: readonly undefined[] = [];

function isOver({ kind }: Revocation, issuedAtS: number | undefined, cutOffMs: number): boolean {
  return kind === 'token' || isCutOff(issuedAtS, cutOffMs);
}

/** Only where there are any is the subject's digest worth its microsecond. */
function ofSubject({ subjects }: OfConfiguration, subject: string): Revocation | undefined {
  return subjects.size === 0 ? undefined : subjects.get(digestOfSubject(subject));
}

/** In whatever order they come: the stricter one stands. */
function put(known: Known, revocation: Revocation): void {
  const { configurationId, kind, digest } = revocation;
  let of = known.get(configurationId);
  if (of === undefined) {
    of = { whole: undefined, subjects: new Map(), tokens: new Map() };
    known.set(configurationId, of);
  }
  if (kind === 'configuration') {
    of.whole = of.whole === undefined ? revocation : merged(of.whole, revocation);
    return;
  }
  const one = kind === 'token' ? of.tokens : of.subjects;
  const before = one.get(digest);
  one.set(digest, before === undefined ? revocation : merged(before, revocation));
}
