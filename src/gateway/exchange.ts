import type { JournalAppender } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { validityAt } from '../tokens/claims.ts';
import type { OpenedToken } from '../tokens/opened-tokens.ts';
import type { Revocations } from '../tokens/revocations.ts';
import type { ConfigurationRef, OpeningRefusal, TokenOpener } from '../tokens/token-opener.ts';
import type { EntryKind, Session, Sessions } from './sessions.ts';
import type { ViewerOf } from './viewer.ts';

export type RefusalReason = OpeningRefusal | 'not-yet-valid' | 'expired' | 'revoked';

type RefusalCode = 'token_invalid' | 'token_not_yet_valid' | 'token_expired' | 'token_revoked';

/** What the client learns of each reason that comes after the opening. */
const codeOfRefusal: Readonly<Partial<Record<RefusalReason, RefusalCode>>> = {
  'not-yet-valid': 'token_not_yet_valid',
  expired: 'token_expired',
  revoked: 'token_revoked',
};

/** A refused token. The code is what the client learns; the reason and the configuration are for those who operate. */
export class RefusedToken extends AppError {
  readonly reason: RefusalReason;
  /** The configuration that it names, where it is one of ours. */
  readonly of: ConfigurationRef | undefined;

  constructor(reason: RefusalReason, of?: ConfigurationRef) {
    super(codeOfRefusal[reason] ?? 'token_invalid');
    this.reason = reason;
    this.of = of;
  }
}

/** Told of every refused token that names a configuration of ours; must return at once. */
export type CountRefusal = (refusal: ConfigurationRef & { readonly reason: RefusalReason }) => void;

export interface ExchangeDeps {
  readonly opener: TokenOpener;
  readonly revocations: Pick<Revocations, 'isRevoked'>;
  readonly journal: JournalAppender;
  readonly sessions: Pick<Sessions, 'prepare'>;
  readonly viewerOf: ViewerOf;
  readonly clock: Clock;
}

/**
 * Exchanges a Web Access Token for a session: one token, one session, one event. It resolves only after the
 * event is durable. A repeated exchange is a new session.
 * @throws RefusedToken, or AppError `journal_unavailable`: then no session was granted.
 */
export type Exchange = (token: string, kind?: EntryKind) => Promise<Session>;

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

  return async (token, kind = 'exchange') => {
    const opened = await open(token);
    const { configurationId, organisationId } = opened;
    const viewer = viewerOf(opened);
    const session = sessions.prepare(opened, kind);
    const { sessionId, keeping } = session;
    // Before the event: what is kept of a session that does not come about goes by itself.
    if (keeping !== undefined) await keeping;
    const { tags } = opened.claims;
    const durable = journal.append({ sessionId, configurationId, organisationId, tags, viewer });
    // Sealed while the journal writes; handed out only once it has.
    const sealed = session.seal();
    await durable;
    return sealed;
  };
}
