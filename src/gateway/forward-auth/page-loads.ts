import type { JournalAppender } from '../../journal/log/journal.ts';
import type { Clock } from '../../platform/clock.ts';
import { uuidv7 } from '../../platform/crypto/uuid.ts';
import { validityAt } from '../../tokens/claims/claims.ts';
import type { Keyring } from '../../tokens/configurations/keyring.ts';
import type { Revocations } from '../../tokens/revocation/revocations.ts';
import type { ViewerOf } from '../exchange/pseudonym.ts';
import { type RefusalReason, RefusedToken } from '../exchange/refused-token.ts';
import { revocableOf, type SessionClaims } from '../sessions/session-token.ts';
import type { FirstPageLoads } from './first-page-loads.ts';

/** What became of a page load. */
export type PageLoadOutcome = 'counted' | 'first-after-entry';

/**
 * A page load in an open session. The web access token behind it is checked as at an exchange, and one session is
 * counted, which resolves only after its event is durable; but the first one after a link entry is the entry's own.
 * @param entries sessions of links that this browser has just opened.
 * @throws RefusedToken, or AppError `journal_unavailable`: then nothing was counted.
 */
export type CountPageLoad = (claims: SessionClaims, entries: readonly string[]) => Promise<PageLoadOutcome>;

export interface PageLoadsDeps {
  readonly keyring: Pick<Keyring, 'find'>;
  readonly revocations: Revocations;
  readonly journal: JournalAppender;
  readonly firstPageLoads: FirstPageLoads;
  readonly viewerOf: ViewerOf;
  readonly lastEndMs: (startedAtMs: number) => number;
  readonly clock: Clock;
}

export function createPageLoads(deps: PageLoadsDeps): CountPageLoad {
  const { keyring, revocations, journal, firstPageLoads, viewerOf, lastEndMs, clock } = deps;

  /** In the order of an exchange. */
  function faultOf(claims: SessionClaims): RefusalReason | undefined {
    if (!keyring.find(claims.configurationId)?.usable) return 'disabled';
    const validity = validityAt(claims.tokenTimes, clock.nowMs());
    if (validity !== 'valid') return validity;
    return revocations.isRevoked(revocableOf(claims)) ? 'revoked' : undefined;
  }

  async function isFirstOf(entries: readonly string[]): Promise<boolean> {
    const endsAtMs = lastEndMs(clock.nowMs());
    for (const sessionId of entries) if (await firstPageLoads.take(sessionId, endsAtMs)) return true;
    return false;
  }

  return async (claims, entries) => {
    const { configurationId, organisationId, subject, tags } = claims;
    const fault = faultOf(claims);
    if (fault !== undefined) throw new RefusedToken(fault, { configurationId, organisationId });
    const own = claims.isLinkEntry ? [claims.sessionId] : [];
    if (await isFirstOf([...own, ...entries])) return 'first-after-entry';
    const viewer = viewerOf({ organisationId, claims: { subject }, recalled: false });
    await journal.append({ sessionId: uuidv7(), configurationId, organisationId, tags, viewer });
    return 'counted';
  };
}
