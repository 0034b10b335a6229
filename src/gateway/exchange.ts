import type { JournalAppender } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { randomBytesPooled } from '../platform/random.ts';
import { uuidv7 } from '../platform/uuid.ts';
import { validityAt } from '../tokens/claims.ts';
import type { OpenedToken } from '../tokens/opened-tokens.ts';
import type { Revocations } from '../tokens/revocations.ts';
import type { ConfigurationRef, OpeningRefusal, TokenOpener } from '../tokens/token-opener.ts';
import type { SessionTokenSealer } from './session-token.ts';
import type { ViewerOf } from './viewer.ts';

/** A session as the client gets it. */
export interface Session {
  readonly sessionId: string;
  readonly initialiser: string;
  readonly webSessionToken: string;
  readonly expiresAtMs: number;
}

export type RefusalReason = OpeningRefusal | 'not-yet-valid' | 'expired' | 'revoked';

/** A refused token. The code is what the client learns; the reason and the configuration are for those who operate. */
export class RefusedToken extends AppError {
  readonly reason: RefusalReason;
  /** The configuration that it names, where it is one of ours. */
  readonly of: ConfigurationRef | undefined;

  constructor(
    code: 'token_invalid' | 'token_not_yet_valid' | 'token_expired' | 'token_revoked',
    reason: RefusalReason,
    of?: ConfigurationRef,
  ) {
    super(code);
    this.reason = reason;
    this.of = of;
  }
}

export interface ExchangeConfig {
  readonly sessionTtlMs: number;
}

export interface ExchangeDeps {
  readonly opener: TokenOpener;
  readonly revocations: Pick<Revocations, 'isRevoked'>;
  readonly journal: JournalAppender;
  readonly sealSessionToken: SessionTokenSealer;
  readonly viewerOf: ViewerOf;
  readonly clock: Clock;
}

/**
 * Exchanges a Web Access Token for a session: one token, one session, one event. It resolves only after the
 * event is durable. A repeated exchange is a new session.
 * @throws RefusedToken, or AppError `journal_unavailable`: then no session was granted.
 */
export type Exchange = (token: string) => Promise<Session>;

export function createExchange(config: ExchangeConfig, deps: ExchangeDeps): Exchange {
  const { opener, revocations, journal, sealSessionToken, viewerOf, clock } = deps;

  async function open(token: string): Promise<OpenedToken> {
    const result = await opener.open(token.trim());
    if (!result.ok) throw new RefusedToken('token_invalid', result.reason, result.of);
    const { token: opened } = result;
    const { digest, configurationId, claims } = opened;
    const validity = validityAt(claims, clock.nowMs());
    if (validity === 'not-yet-valid') throw new RefusedToken('token_not_yet_valid', validity, opened);
    if (validity === 'expired') throw new RefusedToken('token_expired', validity, opened);
    const { subject, issuedAtS } = claims;
    if (revocations.isRevoked({ digest, configurationId, subject, issuedAtS }))
      throw new RefusedToken('token_revoked', 'revoked', opened);
    return opened;
  }

  return async (token) => {
    const opened = await open(token);
    const { configurationId, organisationId, claims } = opened;
    const { subject, tags, carried } = claims;
    const sessionId = uuidv7();
    const viewer = viewerOf(opened);
    const durable = journal.append({ sessionId, configurationId, organisationId, tags, viewer });

    // Sealed while the journal writes; handed out only once it has.
    const startedAtMs = clock.nowMs();
    const expiresAtMs = startedAtMs + config.sessionTtlMs;
    const initialiser = randomBytesPooled(16).toString('base64url');
    const webSessionToken = sealSessionToken({
      sessionId,
      configurationId,
      organisationId,
      subject,
      tags,
      initialiser,
      startedAtMs,
      expiresAtMs,
      carried,
    });
    await durable;
    return { sessionId, initialiser, webSessionToken, expiresAtMs };
  };
}
