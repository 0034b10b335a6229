import type { Clock } from '../../platform/clock.ts';
import { randomBytesPooled } from '../../platform/crypto/random.ts';
import { uuidv7 } from '../../platform/crypto/uuid.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { OpenedToken } from '../../tokens/opening/token-cache.ts';
import type { Revocations } from '../../tokens/revocation/revocations.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import { createCachedGrantEncoder } from './grant-cache.ts';
import type { GrantStore } from './grant-store.ts';
import { isSameText, type SessionCredential } from './session-credentials.ts';
import {
  decodeGrant,
  type EntryKind,
  encodeGrant,
  type SessionClaims,
  type SessionGrant,
  type SessionStamp,
  type SessionTokens,
  toRevocableSession,
} from './session-token.ts';

/** A session as the client receives it. */
export interface Session {
  readonly sessionId: string;
  readonly initialiser: string;
  readonly webSessionToken: string;
  readonly expiresAtMs: number;
}

/** An open session, found by the credential of a request. */
export interface OpenSession {
  readonly claims: SessionClaims;
  /** Whether the grant is in the control store instead of the token. */
  readonly isGrantStored: boolean;
}

/** A session that is not counted yet. */
export interface NewSession {
  readonly sessionId: string;
  /** If the claims do not fit into the token, resolves after the control store has stored them. Otherwise undefined. */
  readonly grantStored: Promise<void> | undefined;
  /** Encrypts the token and returns the session. */
  seal(): Session;
}

export interface Sessions {
  /** Creates a session for a token. If its grant does not fit into the session token, starts to store the grant. */
  prepare(token: OpenedToken, kind: EntryKind): NewSession;
  /** Returns the open session of a credential. @throws AppError `session_invalid` for every failure. */
  find(credential: SessionCredential | undefined): Promise<OpenSession>;
  /** Returns whether half of the token's lifetime is over and a new token would expire later. */
  isRenewalDue(session: OpenSession): boolean;
  /**
   * Returns the same session with a token that expires later, at most SESSION_MAX after the session's start.
   * @throws AppError `session_invalid` if its stored grant has been removed.
   */
  renew(session: OpenSession): Promise<Session>;
  /** Returns the latest time at which a session that started at `startedAtMs` can end, including all renewals. */
  lastEndMs(startedAtMs: number): number;
}

export interface SessionsConfig {
  readonly sessionTtlMs: number;
  readonly sessionMaxMs: number;
}

export interface SessionsDeps {
  readonly tokens: SessionTokens;
  readonly grantStore: GrantStore;
  readonly revocations: Revocations;
  readonly clock: Clock;
}

/** Creates sessions whose state is in their tokens. Only grants that do not fit are in the control store. */
export function createSessions(config: SessionsConfig, deps: SessionsDeps): Sessions {
  const { tokens, grantStore, clock } = deps;
  const encodeTokenGrant = createCachedGrantEncoder();
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
      const grantText = encodeTokenGrant(token, kind);
      const { sessionId, expiresAtMs } = stamp;
      if (tokens.fits(grantText))
        return { sessionId, grantStored: undefined, seal: () => toSession(tokens, stamp, grantText) };
      const grantStored = grantStore.save(sessionId, grantText, expiresAtMs);
      return { sessionId, grantStored, seal: () => toSession(tokens, stamp, undefined) };
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

    async renew({ claims, isGrantStored }) {
      const expiresAtMs = Math.max(claims.expiresAtMs, endsAtMs(claims.startedAtMs));
      const stamp = { ...claims, expiresAtMs };
      if (isGrantStored && !(await grantStore.extend(claims.sessionId, expiresAtMs)))
        throw new AppError(gatewayErrors.session_invalid);
      return toSession(tokens, stamp, isGrantStored ? undefined : encodeGrant(claims));
    },
  };
}

function toSession(tokens: SessionTokens, stamp: SessionStamp, grantText: string | undefined): Session {
  const { sessionId, initialiser, expiresAtMs } = stamp;
  return { sessionId, initialiser, expiresAtMs, webSessionToken: tokens.seal(stamp, grantText) };
}

/** Returns the session of a credential, or undefined if the credential is invalid or the session has ended. */
async function open(
  { tokens, grantStore, revocations, clock }: SessionsDeps,
  { token, initialisers }: SessionCredential,
): Promise<OpenSession | undefined> {
  const opened = tokens.open(token);
  if (opened === undefined || clock.nowMs() >= opened.stamp.expiresAtMs) return undefined;
  const { stamp } = opened;
  if (!initialisers.every((given) => isSameText(given, stamp.initialiser))) return undefined;
  const grant = opened.grant ?? (await readStoredGrant(grantStore, stamp.sessionId));
  if (grant === undefined) return undefined;
  const claims = { ...stamp, ...grant };
  if (revocations.isSessionEnded(toRevocableSession(claims))) return undefined;
  return { claims, isGrantStored: opened.grant === undefined };
}

async function readStoredGrant(grantStore: GrantStore, sessionId: string): Promise<SessionGrant | undefined> {
  const text = await grantStore.find(sessionId);
  return text === undefined ? undefined : decodeGrant(text);
}
