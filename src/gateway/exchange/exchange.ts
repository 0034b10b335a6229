import type { JournalAppender } from '../../journal/log/journal.ts';
import type { Clock } from '../../platform/clock.ts';
import { validityAt } from '../../tokens/claims/claims.ts';
import type { OpenedToken } from '../../tokens/opening/token-cache.ts';
import type { TokenOpener } from '../../tokens/opening/token-opener.ts';
import type { Revocations } from '../../tokens/revocation/revocations.ts';
import type { EntryKind } from '../sessions/session-token.ts';
import type { Session, Sessions } from '../sessions/sessions.ts';
import type { ViewerOf } from './pseudonym.ts';
import { RefusedToken } from './refused-token.ts';

export interface ExchangeDeps {
  readonly opener: TokenOpener;
  readonly revocations: Pick<Revocations, 'isRevoked'>;
  readonly journal: JournalAppender;
  readonly sessions: Pick<Sessions, 'prepare'>;
  readonly viewerOf: ViewerOf;
  readonly clock: Clock;
}

/** What is done with a session before its event is written. Nobody may be told of it yet. */
export type KeepSession = (session: Session) => Promise<void>;

/**
 * Exchanges a Web Access Token for a session: one token, one session, one event. It resolves only after the
 * event is durable. A repeated exchange is a new session.
 * @param keep what has to be done first: when it fails, nothing is counted.
 * @throws RefusedToken, or AppError `journal_unavailable`: then no session was granted.
 */
export type Exchange = (token: string, kind?: EntryKind, keep?: KeepSession) => Promise<Session>;

export function createExchange(deps: ExchangeDeps): Exchange {
  const { opener, revocations, journal, sessions, viewerOf, clock } = deps;

  async function open(token: string): Promise<OpenedToken> {
    const result = await opener.open(token.trim());
    if (!result.ok) throw new RefusedToken(result.reason, result.of);
    const { token: opened } = result;
    const { digest, configurationId, claims } = opened;
    const validity = validityAt(claims, clock.nowMs());
    if (validity !== 'valid') throw new RefusedToken(validity, opened);
    const { subject, issuedAtS } = claims;
    if (revocations.isRevoked({ digest, configurationId, subject, issuedAtS }))
      throw new RefusedToken('revoked', opened);
    return opened;
  }

  return async (token, kind = 'exchange', keep) => {
    const opened = await open(token);
    const { configurationId, organisationId } = opened;
    const viewer = viewerOf(opened);
    const session = sessions.prepare(opened, kind);
    const { sessionId, keeping } = session;
    // Before the event: what is kept of a session that does not come about goes by itself.
    if (keeping !== undefined) await keeping;
    const kept = keep && session.seal();
    if (kept !== undefined) await keep?.(kept);
    const { tags } = opened.claims;
    const durable = journal.append({ sessionId, configurationId, organisationId, tags, viewer });
    // Sealed while the journal writes; handed out only once it has.
    const sealed = kept ?? session.seal();
    await durable;
    return sealed;
  };
}
