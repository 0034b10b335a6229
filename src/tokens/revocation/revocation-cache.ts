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
  let known: Known = new Map();
  /** What a reload has read so far: what is added meanwhile belongs into it, too. */
  let coming: Known | undefined;
  let revision = -1;
  let reloading: Promise<void> = Promise.resolve();

  function add(revocation: Revocation): void {
    put(known, revocation);
    if (coming !== undefined) put(coming, revocation);
  }

  async function readAll(): Promise<void> {
    // The revision first: what changes while it is read is then read once more, not missed.
    const currentRevision = await store.revision();
    try {
      const read: Known = new Map();
      coming = read;
      for await (const page of store.readAll()) for (const one of page) put(read, one);
      known = read;
      revision = currentRevision;
    } finally {
      coming = undefined;
    }
  }

  async function readNewer(): Promise<void> {
    const currentRevision = await store.revision();
    if (currentRevision === revision) return;
    // It goes back when a backup is put into place.
    if (currentRevision < revision) return reload();
    for (const one of await store.changedSince(revision)) add(one);
    revision = currentRevision;
  }

  /** One after the other; what is newer is read beside it, since a long one must not keep it waiting. */
  function reload(): Promise<void> {
    reloading = reloading.catch(() => undefined).then(readAll);
    return reloading;
  }

  /** Those that a token is under: its own, its subject's, its configuration's. */
  function over({ configurationId, subject, digest }: RevocableToken): readonly (Revocation | undefined)[] {
    const of = known.get(configurationId);
    return of === undefined ? none : [of.whole, ofSubject(of, subject), of.tokens.get(digest)];
  }

  await reload();
  return {
    add,
    refresh: readNewer,
    reload,
    isRevoked: (token) =>
      over(token).some((one) => one !== undefined && isOver(one, token.issuedAtS, one.revokedAtMs)),
    isSessionEnded: (session) =>
      over(session).some((one) => {
        const endedAtMs = one?.sessionsEndedAtMs;
        if (one === undefined || endedAtMs === undefined) return false;
        return session.startedAtMs <= endedAtMs || isOver(one, session.issuedAtS, endedAtMs);
      }),
  };
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
