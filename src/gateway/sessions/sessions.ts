import type { Clock } from '../../platform/clock.ts';
import { randomBytesPooled } from '../../platform/crypto/random.ts';
import { uuidv7 } from '../../platform/crypto/uuid.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { OpenedToken } from '../../tokens/opening/token-cache.ts';
import type { Revocations } from '../../tokens/revocation/revocations.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import { createGrantTexts } from './grant-cache.ts';
import type { KeptGrants } from './grant-store.ts';
import { isSameText, type SessionCredential } from './session-credentials.ts';
import {
  decodeGrant,
  type EntryKind,
  encodeGrant,
  revocableOf,
  type SessionClaims,
  type SessionGrant,
  type SessionStamp,
  type SessionTokens,
} from './session-token.ts';

/** A session as the client gets it. */
export interface Session {
  readonly sessionId: string;
  readonly initialiser: string;
  readonly webSessionToken: string;
  readonly expiresAtMs: number;
}

/** A session that is open, as a request has shown it. */
export interface OpenSession {
  readonly claims: SessionClaims;
  /** Its grant lies in the control store. */
  readonly isKept: boolean;
}

/** A session that is about to begin. */
export interface NewSession {
  readonly sessionId: string;
  /** Where the claims do not fit into the token: resolves when they lie in the control store. */
  readonly keeping: Promise<void> | undefined;
  /** Seals the token. */
  seal(): Session;
}

export interface Sessions {
  prepare(token: OpenedToken, kind: EntryKind): NewSession;
  /** @throws AppError `session_invalid`, for every fault the same. */
  find(credential: SessionCredential | undefined): Promise<OpenSession>;
  /** Whether its token should be replaced: half of its time is over, and a new one would live longer. */
  isRenewalDue(session: OpenSession): boolean;
  /** The same session with a token that lives longer, up to SESSION_MAX. @throws AppError `session_invalid`. */
  renew(session: OpenSession): Promise<Session>;
  /** When a session that has begun then is over for good. */
  lastEndMs(startedAtMs: number): number;
}

export interface SessionsConfig {
  readonly sessionTtlMs: number;
  readonly sessionMaxMs: number;
}

export interface SessionsDeps {
  readonly tokens: SessionTokens;
  readonly kept: KeptGrants;
  readonly revocations: Revocations;
  readonly clock: Clock;
}

export function createSessions(config: SessionsConfig, deps: SessionsDeps): Sessions {
  const { tokens, kept, clock } = deps;
  const grantTexts = createGrantTexts();
  const lastEndMs = (startedAtMs: number) => startedAtMs + config.sessionMaxMs;
  const endsAtMs = (startedAtMs: number) =>
    Math.min(clock.nowMs() + config.sessionTtlMs, lastEndMs(startedAtMs));

  return {
    lastEndMs,

    prepare(token, kind) {
      const startedAtMs = clock.nowMs();
      const stamp: SessionStamp = {
        sessionId: uuidv7(),
        initialiser: randomBytesPooled(16).toString('base64url'),
        startedAtMs,
        expiresAtMs: endsAtMs(startedAtMs),
      };
      const grantText = grantTexts(token, kind);
      const { sessionId, expiresAtMs } = stamp;
      if (tokens.fits(grantText))
        return { sessionId, keeping: undefined, seal: () => toSession(tokens, stamp, grantText) };
      const keeping = kept.keep(sessionId, grantText, expiresAtMs);
      return { sessionId, keeping, seal: () => toSession(tokens, stamp, undefined) };
    },

    async find(credential) {
      const session = credential && (await open(deps, credential));
      if (session === undefined) throw new AppError(gatewayErrors.session_invalid);
      return session;
    },

    isRenewalDue({ claims: { startedAtMs, expiresAtMs } }) {
      const isHalfOver = expiresAtMs - clock.nowMs() < config.sessionTtlMs / 2;
      return isHalfOver && endsAtMs(startedAtMs) > expiresAtMs;
    },

    async renew({ claims, isKept }) {
      const expiresAtMs = Math.max(claims.expiresAtMs, endsAtMs(claims.startedAtMs));
      const stamp = { ...claims, expiresAtMs };
      if (isKept && !(await kept.extend(claims.sessionId, expiresAtMs)))
        throw new AppError(gatewayErrors.session_invalid);
      return toSession(tokens, stamp, isKept ? undefined : encodeGrant(claims));
    },
  };
}

function toSession(tokens: SessionTokens, stamp: SessionStamp, grantText: string | undefined): Session {
  const { sessionId, initialiser, expiresAtMs } = stamp;
  return { sessionId, initialiser, expiresAtMs, webSessionToken: tokens.seal(stamp, grantText) };
}

/** Returns the session of a credential, or undefined when it is not one, or over. */
async function open(
  { tokens, kept, revocations, clock }: SessionsDeps,
  { token, initialisers }: SessionCredential,
): Promise<OpenSession | undefined> {
  const opened = tokens.open(token);
  if (opened === undefined || clock.nowMs() >= opened.stamp.expiresAtMs) return undefined;
  const { stamp } = opened;
  if (!initialisers.every((given) => isSameText(given, stamp.initialiser))) return undefined;
  const grant = opened.grant ?? (await readKept(kept, stamp.sessionId));
  if (grant === undefined) return undefined;
  const claims = { ...stamp, ...grant };
  if (revocations.isSessionEnded(revocableOf(claims))) return undefined;
  return { claims, isKept: opened.grant === undefined };
}

async function readKept(kept: KeptGrants, sessionId: string): Promise<SessionGrant | undefined> {
  const text = await kept.find(sessionId);
  return text === undefined ? undefined : decodeGrant(text);
}
