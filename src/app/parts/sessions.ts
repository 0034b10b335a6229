import type { Config } from '../../config/settings.ts';
import type { ViewerOf } from '../../gateway/exchange/pseudonym.ts';
import { createAssertions } from '../../gateway/forward-auth/assertions.ts';
import { createFirstPageLoads } from '../../gateway/forward-auth/first-page-loads.ts';
import { createPageLoads } from '../../gateway/forward-auth/page-loads.ts';
import { createEntryMarks } from '../../gateway/sessions/entry-cookies.ts';
import { createKeptGrants } from '../../gateway/sessions/grant-store.ts';
import { createSessionCookies } from '../../gateway/sessions/session-cookies.ts';
import { createSessionTokens } from '../../gateway/sessions/session-token.ts';
import { createSessions } from '../../gateway/sessions/sessions.ts';
import { createSharedSealing } from '../../gateway/sessions/shared-sealing.ts';
import type { JournalAppender } from '../../journal/log/journal.ts';
import { loadSharedKeys } from '../../platform/sql/shared-keys.ts';
import type { Control } from '../control.ts';
import { createWatch } from '../watch.ts';
import type { PartDeps } from './part.ts';

export type SessionParts = Awaited<ReturnType<typeof createSessionParts>>;

/** How often what is kept of ended sessions is removed. */
const removeEveryMs = 60_000;

type SessionsConfig = Pick<
  Config,
  'sessionTtl' | 'sessionMax' | 'publicUrl' | 'cookieSamesite' | 'cookieDomain'
>;

interface SessionPartsDeps extends PartDeps {
  readonly control: Control;
  readonly journal: JournalAppender;
  readonly viewerOf: ViewerOf;
}

/** Sessions after the exchange: their tokens, what is kept of them, their page loads and assertions. */
export async function createSessionParts(config: SessionsConfig, deps: SessionPartsDeps) {
  const { control, journal, viewerOf, clock, logger } = deps;
  const { store, sealer, keyring, revocations } = control;
  const keysFor = (purpose: string) => loadSharedKeys(store, sealer, purpose, clock.nowMs());
  const keys = await keysFor('session-token');
  const sealing = createSharedSealing(keys);
  const kept = createKeptGrants({ control: store, sealing, clock });
  const firstPageLoads = createFirstPageLoads({ control: store, clock });
  const sessions = createSessions(
    { sessionTtlMs: config.sessionTtl, sessionMaxMs: config.sessionMax },
    { tokens: createSessionTokens(sealing), kept, revocations, clock },
  );
  const removeEnded = async () => {
    await kept.removeEnded();
    await firstPageLoads.removeEnded();
  };
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
    components: [createWatch('ended sessions', removeEveryMs, removeEnded, logger)],
  };
}
