import type { JournalAppender } from '../journal/log/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Sealer } from '../platform/crypto/sealing.ts';
import { loadSharedKeys } from '../platform/sql/shared-keys.ts';
import type { Keyring } from '../tokens/configurations/keyring.ts';
import type { Revocations } from '../tokens/revocation/revocations.ts';
import type { EndSession } from '../tokens/revocation/session-ending.ts';
import type { GatewayStore } from './declarations/tables.ts';
import type { Pseudonymise } from './exchange/pseudonym.ts';
import { createAssertions } from './forward-auth/assertions.ts';
import { createFirstPageLoads } from './forward-auth/first-page-loads.ts';
import { createPageLoads } from './forward-auth/page-loads.ts';
import { createClaimsBudget } from './sessions/claims-budget.ts';
import { createEntryCookies } from './sessions/entry-cookies.ts';
import { createGrantStore } from './sessions/sealed/grant-store.ts';
import type { SessionClaims } from './sessions/sealed/session-token.ts';
import { createSessionTokens } from './sessions/sealed/session-token.ts';
import { createSharedSealing } from './sessions/sealed/shared-sealing.ts';
import { createSessionCookies } from './sessions/session-cookies.ts';
import { createSessions } from './sessions/sessions.ts';

export interface SessionServicesConfig {
  /** Lifetime of a session token, in milliseconds. */
  readonly sessionTtl: number;
  /** Maximum lifetime of a session including renewals, in milliseconds. */
  readonly sessionMax: number;
  /** Maximum size of the new claims that a configuration stores per minute, in bytes. */
  readonly claimsBudget: number;
  readonly publicUrl: string | undefined;
  readonly linkHandoff: 'cookie' | 'code';
  readonly cookieSamesite: 'lax' | 'strict' | 'none';
  readonly cookieDomain: string | undefined;
}

export interface SessionServicesDeps {
  readonly control: GatewayStore;
  readonly sealer: Sealer;
  readonly keyring: Pick<Keyring, 'find'>;
  readonly revocations: Revocations;
  readonly endSession: EndSession;
  readonly journal: JournalAppender;
  readonly pseudonymise: Pseudonymise;
  readonly clock: Clock;
}

export type SessionServices = Awaited<ReturnType<typeof createSessionServices>>;

/** Creates the services for open sessions: tokens, cookies, stored grants, page loads and assertions. */
export async function createSessionServices(config: SessionServicesConfig, deps: SessionServicesDeps) {
  const { control, sealer, keyring, revocations, journal, pseudonymise, clock } = deps;
  const keysFor = (purpose: string) => loadSharedKeys(control, sealer, purpose, clock.nowMs());
  const keys = await keysFor('session-token');
  const sealing = createSharedSealing(keys);
  const grantStore = createGrantStore({ control, sealing, clock });
  const firstPageLoads = createFirstPageLoads({ control, clock });
  const sessions = createSessions(
    {
      ...{ sessionTtlMs: config.sessionTtl, sessionMaxMs: config.sessionMax },
      linkHandOff: config.linkHandoff === 'code' ? 'headers' : 'cookie',
    },
    {
      ...{ tokens: createSessionTokens(sealing), grantStore, revocations, clock },
      claimsBudget: createClaimsBudget(config.claimsBudget, () => performance.now()),
    },
  );
  return {
    sessions,
    /** Ends a session. Takes effect in this process immediately, and in the other processes within 2 s. */
    endSession: (claims: SessionClaims) => deps.endSession(claims, sessions.lastEndMs(claims.startedAtMs)),
    entryCookies: createEntryCookies(keys),
    cookies: createSessionCookies(
      { sameSite: config.cookieSamesite, domain: config.cookieDomain, publicUrl: config.publicUrl },
      clock.nowMs,
    ),
    assertions: await createAssertions(
      { issuer: config.publicUrl ?? 'watmeter' },
      { keys: await keysFor('assertion'), clock },
    ),
    countPageLoad: createPageLoads({
      ...{ keyring, revocations, journal, firstPageLoads, pseudonymise, clock },
      lastEndMs: sessions.lastEndMs,
    }),
    /** Deletes the stored grants and first page loads of ended sessions. */
    async removeEnded(): Promise<void> {
      await grantStore.removeEnded();
      await firstPageLoads.removeEnded();
    },
  };
}
