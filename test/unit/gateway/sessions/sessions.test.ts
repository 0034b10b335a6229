import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionCredential } from '../../../../src/gateway/sessions/session-credentials.ts';
import type { Session } from '../../../../src/gateway/sessions/sessions.ts';
import { checkClaims } from '../../../../src/tokens/claims/claims.ts';
import type { OpenedToken } from '../../../../src/tokens/opening/token-cache.ts';
import type { RevocableSession } from '../../../../src/tokens/revocation/revocations.ts';
import { createTestClock } from '../../journal/rig.ts';
import { createMemoryGrantStore, createTestSessions } from '../support/sessions.ts';

const hourMs = 3_600_000;
const large = { sub: 'alice', grants: { res: ['x'.repeat(5000)] } };

function tokenOf(claims: object = { sub: 'alice' }): OpenedToken {
  const checked = checkClaims(claims);
  if (!checked.ok) throw new Error(checked.claim);
  const ids = {
    configurationId: '65f0c0ffee65f0c0ffee0001',
    organisationId: 'default',
    keyId: 'k',
    isCached: false,
  };
  return { ...ids, digest: 'digest', claims: checked.claims };
}

function setUp(options: Partial<Parameters<typeof createTestSessions>[0]> = {}) {
  const clock = createTestClock();
  const rig = createTestSessions({ clock, ...options });
  const begin = async (claims?: object, kind: 'exchange' | 'link' = 'exchange') => {
    const session = rig.sessions.prepare(tokenOf(claims), kind);
    await session.grantStored;
    return session.seal();
  };
  const isOpen = (credential: SessionCredential) =>
    rig.sessions.find(credential).then(
      () => true,
      (error: { code: string }) => {
        expect(error.code).toBe('session_invalid');
        return false;
      },
    );
  return { ...rig, clock, begin, isOpen };
}

const byHeaders = ({ webSessionToken, initialiser }: Session): SessionCredential => ({
  ...{ token: webSessionToken, initialisers: [initialiser], from: 'headers' },
});

const byCookie = ({ webSessionToken }: Session): SessionCredential => ({
  ...{ token: webSessionToken, initialisers: [], from: 'cookie' },
});

describe.each([
  ['in its token', { sub: 'alice', grants: { res: ['a'] } }],
  ['stored in the control store', large],
])('a session whose claims are %s', (_, claims) => {
  it('is accepted by every gateway, which finds its claims', async () => {
    const grantStore = createMemoryGrantStore();
    const { clock, begin } = setUp({ grantStore });
    const session = await begin(claims, 'link');
    const other = setUp({ grantStore });
    const { claims: foundClaims } = await other.sessions.find(byCookie(session));
    expect(foundClaims).toMatchObject({
      ...{ sessionId: session.sessionId, subject: 'alice', isLinkEntry: true, startedAtMs: clock.ms },
      ...{ configurationId: '65f0c0ffee65f0c0ffee0001', tokenDigest: 'digest' },
      passthroughClaims: JSON.stringify({ grants: claims.grants }),
    });
  });

  it('expires exactly at its expiry time', async () => {
    const { clock, begin, isOpen } = setUp();
    const session = await begin(claims);
    clock.ms = session.expiresAtMs - 1;
    expect(await isOpen(byHeaders(session))).toBe(true);
    clock.ms = session.expiresAtMs;
    expect(await isOpen(byHeaders(session))).toBe(false);
  });

  it('remains valid after its Web Access Token has expired', async () => {
    const { clock, begin, isOpen } = setUp();
    const session = await begin({ ...claims, exp: clock.ms / 1000 + 1 });
    clock.ms += hourMs - 1;
    expect(await isOpen(byHeaders(session))).toBe(true);
  });

  it('requires the right initialiser in each initialiser header that is present', async () => {
    const { begin, isOpen } = setUp();
    const session = await begin(claims);
    const { initialiser } = session;
    const other = (await begin(claims)).initialiser;
    const withInitialisers = (...initialisers: string[]) => isOpen({ ...byHeaders(session), initialisers });
    expect(await withInitialisers(initialiser, initialiser)).toBe(true);
    for (const wrong of [[other], [initialiser, other], [''], [`${initialiser} `], [initialiser.slice(1)]])
      expect([wrong, await withInitialisers(...wrong)]).toEqual([wrong, false]);
  });

  it('keeps id, initialiser and claims when it is renewed', async () => {
    const { clock, begin, sessions } = setUp();
    const session = await begin(claims);
    clock.ms += hourMs / 2;
    const open = await sessions.find(byHeaders(session));
    const renewed = await sessions.renew(open);
    expect(renewed).toMatchObject({ sessionId: session.sessionId, initialiser: session.initialiser });
    expect(renewed.expiresAtMs).toBe(clock.ms + hourMs);
    expect(renewed.webSessionToken).not.toBe(session.webSessionToken);
    const again = await sessions.find(byHeaders(renewed));
    expect(again).toEqual({ ...open, claims: { ...open.claims, expiresAtMs: renewed.expiresAtMs } });
  });

  it('can be renewed at any intervals until its maximum lifetime has passed', async () => {
    const maxMs = 10 * hourMs;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: hourMs - 1 }), { maxLength: 30 }),
        async (waits) => {
          const { clock, begin, sessions, isOpen } = setUp({ sessionMaxMs: maxMs });
          let session = await begin(claims);
          const lastMs = clock.ms + maxMs;
          for (const waitMs of waits) {
            clock.ms += waitMs;
            if (!(await isOpen(byHeaders(session)))) break;
            const renewed = await sessions.renew(await sessions.find(byHeaders(session)));
            expect(renewed.expiresAtMs).toBe(
              Math.max(session.expiresAtMs, Math.min(clock.ms + hourMs, lastMs)),
            );
            session = renewed;
          }
          expect(session.expiresAtMs).toBeLessThanOrEqual(lastMs);
          clock.ms = lastMs;
          expect(await isOpen(byHeaders(session))).toBe(false);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('becomes invalid when it is revoked, and the check receives digest, subject, start, iat and configuration', async () => {
    const checked: RevocableSession[] = [];
    let isEnded = false;
    const revocations = {
      isRevoked: () => true,
      isSessionEnded: (session: RevocableSession) => {
        checked.push(session);
        return isEnded;
      },
    };
    const { clock, begin, isOpen } = setUp({ revocations });
    const startedAtMs = clock.ms;
    const session = await begin({ ...claims, iat: 1_795_000_000 });
    clock.ms += 1000;
    expect(await isOpen(byHeaders(session))).toBe(true);
    isEnded = true;
    expect(await isOpen(byHeaders(session))).toBe(false);
    expect(checked[0]).toEqual({
      ...{ sessionId: session.sessionId, digest: 'digest', subject: 'alice' },
      ...{ startedAtMs, issuedAtS: 1_795_000_000 },
      configurationId: '65f0c0ffee65f0c0ffee0001',
    });
  });
});

describe('a renewal', () => {
  it('is due after half of the lifetime, unless the maximum lifetime prevents an extension', async () => {
    const { clock, begin, sessions } = setUp({ sessionMaxMs: 1.75 * hourMs });
    const startMs = clock.ms;
    const dueAt = async (session: Session, ms: number) => {
      clock.ms = startMs + ms;
      return sessions.isRenewalDue(await sessions.find(byHeaders(session)));
    };
    const session = await begin();
    expect(await dueAt(session, hourMs / 2)).toBe(false);
    expect(await dueAt(session, hourMs / 2 + 1)).toBe(true);
    expect(await dueAt(session, hourMs - 1)).toBe(true);
    const renewed = await sessions.renew(await sessions.find(byHeaders(session)));
    expect(renewed.expiresAtMs).toBe(startMs + 1.75 * hourMs);
    expect(await dueAt(renewed, 1.75 * hourMs - 1)).toBe(false);
  });

  it('keeps the stored claims at least until the renewed token expires', async () => {
    const { clock, begin, sessions, grantStore } = setUp();
    const session = await begin(large);
    const storedUntil = () => grantStore.endsAtMs.get('digest.exchange');
    expect(storedUntil()).toBe(session.expiresAtMs);
    clock.ms += hourMs / 2;
    const renewed = await sessions.renew(await sessions.find(byHeaders(session)));
    expect(storedUntil()).toBeGreaterThanOrEqual(renewed.expiresAtMs);
  });

  it('is rejected if the stored claims are missing', async () => {
    const { begin, sessions, grantStore, isOpen } = setUp();
    const session = await begin(large);
    const open = await sessions.find(byHeaders(session));
    grantStore.rows.clear();
    await expect(sessions.renew(open)).rejects.toMatchObject({ code: 'session_invalid' });
    expect(await isOpen(byHeaders(session))).toBe(false);
  });
});

describe('createSessions', () => {
  it('reads the control store only if the claims are stored there and the initialiser is right', async () => {
    const { begin, isOpen, grantStore, sessions } = setUp();
    const [small, stored] = [await begin(), await begin(large)];
    grantStore.isDown = true;
    expect(await isOpen(byHeaders(small))).toBe(true);
    expect(await isOpen({ ...byHeaders(stored), initialisers: ['wrong'] })).toBe(false);
    await expect(sessions.find(byHeaders(stored))).rejects.toMatchObject({
      code: 'control_store_unavailable',
    });
  });

  it('limits the lifetime of the first token to the maximum lifetime of a session', async () => {
    const { clock, begin } = setUp({ sessionTtlMs: 10 * hourMs, sessionMaxMs: hourMs });
    expect((await begin()).expiresAtMs).toBe(clock.ms + hourMs);
  });
});
