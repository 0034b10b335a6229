import { describe, expect, it, onTestFinished } from 'vitest';
import { createAssertions } from '../../../../src/gateway/forward-auth/assertions.ts';
import { registerForwardAuth } from '../../../../src/gateway/forward-auth/forward-auth.ts';
import type { CountPageLoad } from '../../../../src/gateway/forward-auth/page-loads.ts';
import { createEntryCookies } from '../../../../src/gateway/sessions/entry-cookies.ts';
import { encodeGrant } from '../../../../src/gateway/sessions/sealed/session-token.ts';
import { createSessionCookies } from '../../../../src/gateway/sessions/session-cookies.ts';
import { journalErrors } from '../../../../src/journal/declarations/errors.ts';
import { AppError } from '../../../../src/platform/errors/errors.ts';
import { createHttpServer } from '../../../../src/platform/http/server.ts';
import { createLogger } from '../../../../src/platform/logger.ts';
import { createDeferred } from '../../../support/deferred.ts';
import { letEventLoopTurn } from '../../../support/event-loop.ts';
import { createTestClock } from '../../journal/rig.ts';
import { createTestSessions, exampleClaims, sharedKey } from '../support/sessions.ts';

/** Registers forward-auth on a server that does not listen. The caller can make the count and the grant store fail. */
async function setUp(countPageLoad: CountPageLoad) {
  const clock = createTestClock(exampleClaims.startedAtMs + 1000);
  const { sessions, tokens, grantStore } = createTestSessions({ clock });
  // This is a variable, because TypeScript would require all server settings in an object literal.
  const config = { trustProxy: false };
  const server = await createHttpServer(config, createLogger({ logLevel: 'silent' }));
  onTestFinished(() => server.close());
  registerForwardAuth(server, {
    ...{ sessions, countPageLoad, clock },
    cookies: createSessionCookies({ sameSite: 'lax', domain: undefined, publicUrl: undefined }, clock.nowMs),
    assertions: await createAssertions({ issuer: 'watmeter' }, { keys: [sharedKey], clock }),
    entryCookies: createEntryCookies([sharedKey]),
    outcomes: { count: () => {}, noteRefusal: () => {} },
    endSession: async () => {},
  });
  const ask = (token: string, url = '/api/v1/wat/session?count=navigations') =>
    server.inject({
      url,
      headers: {
        ...{ authorization: token, initialiser: exampleClaims.initialiser },
        'sec-fetch-mode': 'navigate',
      },
    });
  return { ask, tokens, grantStore };
}

const viewerNames = (headers: object) => Object.keys(headers).filter((name) => name.startsWith('x-wat'));

describe('forward-auth', () => {
  it('returns 503 if the page load cannot be counted', async () => {
    const { ask, tokens } = await setUp(async () => {
      throw new AppError(journalErrors.journal_unavailable, { retryAfterSeconds: 5 });
    });
    const token = tokens.seal(exampleClaims, encodeGrant(exampleClaims));
    const answer = await ask(token);
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'journal_unavailable']);
    expect(answer.headers['retry-after']).toBe('5');
    expect(viewerNames(answer.headers)).toEqual([]);
    expect((await ask(token, '/api/v1/wat/session')).statusCode).toBe(204);
  });

  it('responds to a page load only after it is counted', async () => {
    const counting = createDeferred();
    const count = createDeferred<'counted'>();
    const { ask, tokens } = await setUp(() => {
      counting.resolve();
      return count.promise;
    });
    let isAnswered = false;
    const answer = ask(tokens.seal(exampleClaims, encodeGrant(exampleClaims))).then((response) => {
      isAnswered = true;
      return response;
    });
    await counting.promise;
    await letEventLoopTurn();
    expect(isAnswered).toBe(false);
    count.resolve('counted');
    expect((await answer).statusCode).toBe(204);
  });

  it('returns 503 if the claims are in a control store that is unavailable, and still accepts tokens that contain the claims', async () => {
    const { ask, tokens, grantStore } = await setUp(async () => 'counted');
    const reference = tokens.seal(exampleClaims, undefined);
    await grantStore.save(exampleClaims.sessionId, encodeGrant(exampleClaims), exampleClaims.expiresAtMs);
    expect((await ask(reference)).statusCode).toBe(204);
    grantStore.isDown = true;
    const answer = await ask(reference);
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'control_store_unavailable']);
    expect(viewerNames(answer.headers)).toEqual([]);
    expect((await ask(tokens.seal(exampleClaims, encodeGrant(exampleClaims)))).statusCode).toBe(204);
  });
});
