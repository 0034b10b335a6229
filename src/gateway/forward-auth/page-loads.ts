import type { JournalAppender } from '../../journal/log/journal.ts';
import type { Clock } from '../../platform/clock.ts';
import { uuidv7 } from '../../platform/crypto/uuid.ts';
import { validityAt } from '../../tokens/claims/claims.ts';
import type { Keyring } from '../../tokens/configurations/keyring.ts';
import type { Revocations } from '../../tokens/revocation/revocations.ts';
import type { Pseudonymise } from '../exchange/pseudonym.ts';
import { type RefusalReason, RefusedToken } from '../exchange/refused-token.ts';
import { type SessionClaims, toRevocableSession } from '../sessions/sealed/session-token.ts';
import type { FirstPageLoads } from './first-page-loads.ts';

/** Outcome of a page load. The first page load after a link entry (`first-after-entry`) is not counted. */
export type PageLoadOutcome = 'counted' | 'first-after-entry';

/**
 * Counts a page load in an open session as one new session. It repeats the checks of an exchange for the Web Access
 * Token that started the open session, and resolves after the event is durable. The first page load after a link
 * entry is not counted, because the entry itself is counted.
 * @param entrySessionIds sessions of the links that this browser has just opened.
 * @throws RefusedToken if the Web Access Token is no longer valid.
 * @throws AppError `journal_unavailable` if the event cannot be written. The page load is then not counted.
 */
export type CountPageLoad = (
  claims: SessionClaims,
  entrySessionIds: readonly string[],
) => Promise<PageLoadOutcome>;

export interface PageLoadsDeps {
  readonly keyring: Pick<Keyring, 'find'>;
  readonly revocations: Revocations;
  readonly journal: JournalAppender;
  readonly firstPageLoads: FirstPageLoads;
  readonly pseudonymise: Pseudonymise;
  readonly lastEndMs: (startedAtMs: number) => number;
  readonly clock: Clock;
}

/** Returns a function that counts page loads. */
export function createPageLoads(deps: PageLoadsDeps): CountPageLoad {
  const { keyring, revocations, journal, firstPageLoads, pseudonymise, lastEndMs, clock } = deps;

  /** Returns why the Web Access Token is no longer valid. The checks have the same order as in an exchange. */
  function findRefusalReason(claims: SessionClaims): RefusalReason | undefined {
    if (!keyring.find(claims.configurationId)?.isUsable) return 'disabled';
    const validity = validityAt(claims.tokenTimes, clock.nowMs());
    if (validity !== 'valid') return validity;
    return revocations.isRevoked(toRevocableSession(claims)) ? 'revoked' : undefined;
  }

  async function takeFirst(entrySessionIds: readonly string[]): Promise<boolean> {
    const endsAtMs = lastEndMs(clock.nowMs());
    for (const sessionId of entrySessionIds) if (await firstPageLoads.take(sessionId, endsAtMs)) return true;
    return false;
  }

  return async (claims, entrySessionIds) => {
    const { configurationId, organisationId, subject, tags } = claims;
    const reason = findRefusalReason(claims);
    if (reason !== undefined) throw new RefusedToken(reason, { configurationId, organisationId });
    const ownEntry = claims.isLinkEntry ? [claims.sessionId] : [];
    if (await takeFirst([...ownEntry, ...entrySessionIds])) return 'first-after-entry';
    const viewer = pseudonymise({ organisationId, claims: { subject }, isCached: false });
    await journal.append({ sessionId: uuidv7(), configurationId, organisationId, tags, viewer });
    return 'counted';
  };
}
