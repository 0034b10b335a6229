import type { JournalAppender } from '../journal/log/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Sealer } from '../platform/crypto/sealing.ts';
import { loadSharedKeys } from '../platform/sql/shared-keys.ts';
import type { Keyring } from '../tokens/configurations/keyring.ts';
import type { Revocations } from '../tokens/revocation/revocations.ts';
import type { GatewayStore } from './declarations/tables.ts';
import type { ViewerOf } from './exchange/pseudonym.ts';
import { createAssertions } from './forward-auth/assertions.ts';
import { createFirstPageLoads } from './forward-auth/first-page-loads.ts';
import { createPageLoads } from './forward-auth/page-loads.ts';
import { createEntryMarks } from './sessions/entry-cookies.ts';
import { createKeptGrants } from './sessions/grant-store.ts';
import { createSessionCookies } from './sessions/session-cookies.ts';
import { createSessionTokens } from './sessions/session-token.ts';
import { createSessions } from './sessions/sessions.ts';
import { createSharedSealing } from './sessions/shared-sealing.ts';

export interface SessionServicesConfig {
  /** In milliseconds. */
  readonly sessionTtl: number;
  /** In milliseconds. */
  readonly sessionMax: number;
  readonly publicUrl: string | undefined;
  readonly cookieSamesite: 'lax' | 'strict' | 'none';
  readonly cookieDomain: string | undefined;
}

export interface SessionServicesDeps {
  readonly control: GatewayStore;
  readonly sealer: Sealer;
  readonly keyring: Pick<Keyring, 'find'>;
  readonly revocations: Revocations;
  readonly journal: JournalAppender;
  readonly viewerOf: ViewerOf;
  readonly clock: Clock;
}

export type SessionServices = Awaited<ReturnType<typeof createSessionServices>>;

/** Returns what sessions need after the exchange: their tokens and cookies, their stored grants, page loads and assertions. */
export async function createSessionServices(config: SessionServicesConfig, deps: SessionServicesDeps) {
  const { control, sealer, keyring, revocations, journal, viewerOf, clock } = deps;
  const keysFor = (purpose: string) => loadSharedKeys(control, sealer, purpose, clock.nowMs());
  const keys = await keysFor('session-token');
  const sealing = createSharedSealing(keys);
  const kept = createKeptGrants({ control, sealing, clock });
  const firstPageLoads = createFirstPageLoads({ control, clock });
  const sessions = createSessions(
    { sessionTtlMs: config.sessionTtl, sessionMaxMs: config.sessionMax },
    { tokens: createSessionTokens(sealing), kept, revocations, clock },
  );
  return {
    sessions,
    entryMarks: createEntryMarks(keys),
    cookies: createSessionCookies(
      { sameSite: config.cookieSamesite, domain: config.cookieDomain, publicUrl: config.publicUrl },
      clock.nowMs,
    ),
    assertions: await createAssertions(
      { issuer: config.publicUrl ?? 'watmeter' },
      { keys: await keysFor('assertion'), clock },
    ),
    countPageLoad: createPageLoads({
      ...{ keyring, revocations, journal, firstPageLoads, viewerOf, clock },
      lastEndMs: sessions.lastEndMs,
    }),
    /** Removes what is stored of ended sessions. */
    async removeEnded(): Promise<void> {
      await kept.removeEnded();
      await firstPageLoads.removeEnded();
    },
  };
}
