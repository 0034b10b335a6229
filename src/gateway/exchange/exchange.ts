import type { JournalAppender } from '../../journal/log/journal.ts';
import type { Clock } from '../../platform/clock.ts';
import { validityAt } from '../../tokens/claims/claims.ts';
import type { OpenedToken } from '../../tokens/opening/token-cache.ts';
import type { TokenOpener } from '../../tokens/opening/token-opener.ts';
import type { Revocations } from '../../tokens/revocation/revocations.ts';
import type { EntryKind } from '../sessions/sealed/session-token.ts';
import type { Session, Sessions } from '../sessions/sessions.ts';
import type { Pseudonymise } from './pseudonym.ts';
import { RefusedToken } from './refused-token.ts';

export interface ExchangeDeps {
  readonly opener: TokenOpener;
  readonly revocations: Pick<Revocations, 'isRevoked'>;
  readonly journal: JournalAppender;
  readonly sessions: Pick<Sessions, 'prepare'>;
  readonly pseudonymise: Pseudonymise;
  readonly clock: Clock;
}

/** Stores a session before its event is written. The client must not receive the session before that. */
export type StoreSession = (session: Session) => Promise<void>;

/** Checks a decrypted token that the exchange accepts, before its session is counted. Throws to reject the token. */
export type InspectToken = (token: OpenedToken) => void;

/**
 * Exchanges a Web Access Token for a session and writes one event. Resolves after the event is durable. Each call
 * starts a new session, even with the same token.
 * @param storeSession called before the event is written. If it fails, the session is not counted.
 * @throws RefusedToken if the token is rejected.
 * @throws AppError `journal_unavailable` if the event cannot be written, `control_store_unavailable` if large claims
 * cannot be stored. In both cases no session is granted.
 */
export type Exchange = (
  token: string,
  kind?: EntryKind,
  storeSession?: StoreSession,
  inspect?: InspectToken,
) => Promise<Session>;

/** Creates an exchange. It decrypts the token, then checks its claims, `nbf`, `exp` and revocation, in this order. */
export function createExchange(deps: ExchangeDeps): Exchange {
  const { opener, revocations, journal, sessions, pseudonymise, clock } = deps;

  async function open(token: string): Promise<OpenedToken> {
    const result = await opener.open(token.trim());
    if (!result.ok) throw new RefusedToken(result.reason, result.configuration);
    const { token: openedToken } = result;
    const { digest, configurationId, claims } = openedToken;
    const validity = validityAt(claims, clock.nowMs());
    if (validity !== 'valid') throw new RefusedToken(validity, openedToken);
    const { subject, issuedAtS } = claims;
    if (revocations.isRevoked({ digest, configurationId, subject, issuedAtS }))
      throw new RefusedToken('revoked', openedToken);
    return openedToken;
  }

  return async (token, kind = 'exchange', storeSession, inspect) => {
    const openedToken = await open(token);
    inspect?.(openedToken);
    const { configurationId, organisationId } = openedToken;
    const viewer = pseudonymise(openedToken);
    const newSession = sessions.prepare(openedToken, kind);
    const { sessionId, grantStored } = newSession;
    // The grant is stored before the event is written. If writing the event fails, the stored grant expires unused.
    if (grantStored !== undefined) await grantStored;
    const storedSession = storeSession && newSession.seal();
    if (storedSession !== undefined) await storeSession?.(storedSession);
    const { tags } = openedToken.claims;
    const durable = journal.append({ sessionId, configurationId, organisationId, tags, viewer });
    // The session token is encrypted while the journal writes. The session is returned only after the event is
    // durable.
    const session = storedSession ?? newSession.seal();
    await durable;
    return session;
  };
}
