import type { Clock } from '../../platform/clock.ts';
import { randomBytesPooled } from '../../platform/crypto/random.ts';
import { uuidv7 } from '../../platform/crypto/uuid.ts';
import { AppError } from '../../platform/errors/errors.ts';
import type { OpenedToken } from '../../tokens/opening/token-cache.ts';
import type { Revocations } from '../../tokens/revocation/revocations.ts';
import { gatewayErrors } from '../declarations/errors.ts';
import type { ClaimsBudget } from './claims-budget.ts';
import { createCachedGrantEncoder } from './sealed/grant-cache.ts';
import type { GrantStore } from './sealed/grant-store.ts';
import {
  decodeGrant,
  type EntryKind,
  encodeGrant,
  type HandOff,
  type SessionClaims,
  type SessionGrant,
  type SessionStamp,
  type SessionTokens,
  toRevocableSession,
} from './sealed/session-token.ts';
import { isSameText, type SessionCredential } from './session-credentials.ts';

/** A session as the client receives it. */
export interface Session {
  readonly sessionId: string;
  readonly initialiser: string;
  readonly webSessionToken: string;
  readonly expiresAtMs: number;
}

/** An open session that belongs to the credential of a request. */
export interface OpenSession {
  readonly claims: SessionClaims;
  /** True if the control store has the grant, false if the token contains it. */
  readonly isGrantStored: boolean;
}

/** A session whose event is not written yet, so it is not counted. */
export interface NewSession {
  readonly sessionId: string;
  /** Promise that the grant is stored. Undefined if the session token contains the grant. */
  readonly grantStored: Promise<void> | undefined;
  /** Encrypts the session token and returns the session. */
  seal(): Session;
}

export interface Sessions {
  /**
   * Creates a session for a token. If the grant does not fit into the session token and is not stored yet, `prepare`
   * starts to store the grant. `grantStored` rejects with `claims_budget_exceeded` if the grant exceeds the budget of the
   * configuration.
   */
  prepare(token: OpenedToken, kind: EntryKind): NewSession;
  /**
   * Returns the open session for a credential.
   * @throws AppError `session_invalid` if there is no such session, for any reason.
   */
  find(credential: SessionCredential | undefined): Promise<OpenSession>;
  /**
   * Returns whether at least half of the session token's lifetime is over, and a renewed token would expire later.
   */
  isRenewalDue(session: OpenSession): boolean;
  /**
   * Returns the same session with a token that expires later, at most SESSION_MAX after the start of the session.
   * @throws AppError `session_invalid` if the stored grant of the session has been removed.
   */
  renew(session: OpenSession): Promise<Session>;
  /** Returns the latest time at which a session that started at `startedAtMs` can end, with all renewals. */
  lastEndMs(startedAtMs: number): number;
}

export interface SessionsConfig {
  readonly sessionTtlMs: number;
  readonly sessionMaxMs: number;
  /** How clients send the session token of a link. Clients always send the session token of an exchange in headers. */
  readonly linkHandOff: HandOff;
}

export interface SessionsDeps {
  readonly tokens: SessionTokens;
  readonly grantStore: GrantStore;
  readonly claimsBudget: ClaimsBudget;
  readonly revocations: Revocations;
  readonly clock: Clock;
}

/**
 * Creates sessions whose state is in their tokens. The control store contains only grants that do not fit into a
 * token.
 */
export function createSessions(config: SessionsConfig, deps: SessionsDeps): Sessions {
  const { tokens, grantStore, claimsBudget, clock } = deps;
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
        handOff: kind === 'link' ? config.linkHandOff : 'headers',
      };
      const grantText = encodeTokenGrant(token, kind);
      const { sessionId, expiresAtMs } = stamp;
      if (tokens.fits(grantText))
        return { sessionId, grantStored: undefined, seal: () => toSession(tokens, stamp, grantText) };
      // All sessions of a token with the same entry kind have the same grant, so they share one stored grant.
      const grantKey = `${token.digest}.${kind}`;
      const grantStored = grantStore.save(grantKey, grantText, expiresAtMs, (bytes) =>
        claimsBudget.spend(token.configurationId, bytes),
      );
      return { sessionId, grantStored, seal: () => toSession(tokens, { ...stamp, grantKey }, undefined) };
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
      if (isGrantStored && !(await grantStore.extend(grantKeyOf(claims), expiresAtMs)))
        throw new AppError(gatewayErrors.session_invalid);
      return toSession(tokens, stamp, isGrantStored ? undefined : encodeGrant(claims));
    },
  };
}

function toSession(tokens: SessionTokens, stamp: SessionStamp, grantText: string | undefined): Session {
  const { sessionId, initialiser, expiresAtMs } = stamp;
  return { sessionId, initialiser, expiresAtMs, webSessionToken: tokens.seal(stamp, grantText) };
}

/** Returns the session for a credential, or undefined if the credential is invalid or the session has ended. */
async function open(
  { tokens, grantStore, revocations, clock }: SessionsDeps,
  { token, initialisers, from }: SessionCredential,
): Promise<OpenSession | undefined> {
  const opened = tokens.open(token);
  if (opened === undefined || clock.nowMs() >= opened.stamp.expiresAtMs) return undefined;
  const { stamp } = opened;
  // Without this check, a token that was issued for headers would be accepted in a cookie without its initialiser.
  if (stamp.handOff !== undefined && stamp.handOff !== from) return undefined;
  if (!initialisers.every((given) => isSameText(given, stamp.initialiser))) return undefined;
  const grant = opened.grant ?? (await readStoredGrant(grantStore, grantKeyOf(stamp)));
  if (grant === undefined) return undefined;
  const claims = { ...stamp, ...grant };
  if (revocations.isSessionEnded(toRevocableSession(claims))) return undefined;
  return { claims, isGrantStored: opened.grant === undefined };
}

/** Returns the key of a session's stored grant. In older versions, the key is the session id. */
function grantKeyOf({ grantKey, sessionId }: SessionStamp): string {
  return grantKey ?? sessionId;
}

async function readStoredGrant(grantStore: GrantStore, key: string): Promise<SessionGrant | undefined> {
  const text = await grantStore.find(key);
  return text === undefined ? undefined : decodeGrant(text);
}
