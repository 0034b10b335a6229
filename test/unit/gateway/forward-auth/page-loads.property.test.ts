import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionDraft } from '../../../../src/events/session-event.ts';
import { createPseudonymiser } from '../../../../src/gateway/exchange/pseudonym.ts';
import {
  createFirstPageLoads,
  type FirstPageLoads,
} from '../../../../src/gateway/forward-auth/first-page-loads.ts';
import { createPageLoads } from '../../../../src/gateway/forward-auth/page-loads.ts';
import { createEntryCookies } from '../../../../src/gateway/sessions/entry-cookies.ts';
import type { SessionClaims } from '../../../../src/gateway/sessions/sealed/session-token.ts';
import { journalErrors } from '../../../../src/journal/declarations/errors.ts';
import { uuidv7 } from '../../../../src/platform/crypto/uuid.ts';
import { AppError } from '../../../../src/platform/errors/errors.ts';
import { platformErrors } from '../../../../src/platform/errors/platform-errors.ts';
import { exampleClaims, sharedKey } from '../support/sessions.ts';

const nowMs = exampleClaims.startedAtMs + 1000;

/** Creates a page-load counter with an in-memory journal. `entry` opens a link, which starts a session and adds its event. */
function setUp() {
  const events: SessionDraft[] = [];
  const taken = new Set<string>();
  const state = { nowMs, isUsable: true, isRevoked: false, journalIsFull: false };
  const firstPageLoads: FirstPageLoads = {
    // Returns asynchronously, like a store, so that calls interleave.
    async take(sessionId) {
      await Promise.resolve();
      const isFirst = !taken.has(sessionId);
      taken.add(sessionId);
      return isFirst;
    },
    async removeEnded() {},
  };
  const count = createPageLoads({
    keyring: {
      find: (configurationId) => ({
        configurationId,
        organisationId: 'default',
        isUsable: state.isUsable,
        keys: [],
      }),
    },
    revocations: { isRevoked: () => state.isRevoked, isSessionEnded: () => false },
    journal: {
      async append(session) {
        if (state.journalIsFull) throw new AppError(journalErrors.journal_unavailable);
        events.push(session);
        return { producer: 'p', partition: 0, sequence: events.length, timeMs: state.nowMs };
      },
    },
    firstPageLoads,
    pseudonymise: createPseudonymiser(() => Buffer.alloc(32)),
    lastEndMs: (startedAtMs) => startedAtMs + 1,
    clock: { nowMs: () => state.nowMs },
  });
  const entry = (): SessionClaims => {
    const sessionId = uuidv7();
    const { configurationId, organisationId, tags } = exampleClaims;
    events.push({ sessionId, configurationId, organisationId, tags, viewer: '' });
    return { ...exampleClaims, sessionId, isLinkEntry: true };
  };
  return { events, state, count, entry };
}

describe('a page load', () => {
  it('is a separate session with the same configuration, tags and viewer', async () => {
    const { count, events } = setUp();
    expect(await count(exampleClaims, [])).toBe('counted');
    expect(await count(exampleClaims, [])).toBe('counted');
    const { configurationId, organisationId, tags, sessionId } = exampleClaims;
    expect(events).toEqual(
      Array(2).fill({
        sessionId: expect.any(String),
        configurationId,
        organisationId,
        tags,
        viewer: expect.stringMatching(/^[0-9a-f]{32}$/),
      }),
    );
    expect(new Set([sessionId, ...events.map((event) => event.sessionId)]).size).toBe(3);
    expect(events[0]?.viewer).toBe(events[1]?.viewer);
  });

  it('is not counted if it is the first page load after a counted link entry', async () => {
    const { count, entry, events } = setUp();
    const claims = entry();
    expect(await count(claims, [])).toBe('first-after-entry');
    expect(await count(claims, [])).toBe('counted');
    // The entry cookie has no effect, because the first page load of this session was already handled.
    expect(await count(claims, [claims.sessionId])).toBe('counted');
    expect(events).toHaveLength(3);
  });

  it.each([
    ['is disabled or deleted', { isUsable: false }, 'token_invalid', 'disabled'],
    ['was revoked', { isRevoked: true }, 'token_revoked', 'revoked'],
    ['has expired', { nowMs: 1_795_100_000_250 }, 'token_expired', 'expired'],
  ])('is rejected without an event if its token %s', async (_, change, code, reason) => {
    const { count, events, state } = setUp();
    Object.assign(state, { nowMs: 1_795_100_000_249, ...change });
    await expect(count(exampleClaims, [])).rejects.toMatchObject({
      code,
      reason,
      configuration: { configurationId: exampleClaims.configurationId },
    });
    await expect(count({ ...exampleClaims, isLinkEntry: true }, [])).rejects.toMatchObject({ code });
    expect(events).toEqual([]);
  });

  it('is rejected before nbf, and accepted at and after nbf', async () => {
    const { count, state } = setUp();
    const claims = {
      ...exampleClaims,
      tokenTimes: { ...exampleClaims.tokenTimes, notBeforeS: 1_795_000_000 },
    };
    state.nowMs = 1_794_999_999_999;
    await expect(count(claims, [])).rejects.toMatchObject({ code: 'token_not_yet_valid' });
    state.nowMs += 1;
    expect(await count(claims, [])).toBe('counted');
  });

  it('is rejected if the journal cannot store the event', async () => {
    const { count, state } = setUp();
    state.journalIsFull = true;
    await expect(count(exampleClaims, [])).rejects.toMatchObject({ code: 'journal_unavailable' });
  });
});

describe('links in one browser', () => {
  /** The tabs of a browser share their cookies. Each tab opens a link, loads its page, and may reload it. */
  it('are counted once per link and once per reload, in any order of requests', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        async (refreshes, choices) => {
          const { count, entry, events } = setUp();
          const entryCookies = createEntryCookies([sharedKey]);
          const jar: { session?: SessionClaims; cookies: Record<string, string> } = { cookies: {} };
          const open = () => {
            jar.session = entry();
            const { name, value } = entryCookies.create(jar.session.sessionId);
            jar.cookies[name] = value;
          };
          const load = () => count(jar.session as SessionClaims, entryCookies.read(jar.cookies, Date.now()));
          const tabs = refreshes.map((times) => [open, ...Array<typeof load>(times + 1).fill(load)]);
          const waiting: unknown[] = [];
          while (tabs.some((steps) => steps.length > 0)) {
            const busy = tabs.filter((steps) => steps.length > 0);
            const step = busy[(choices.next().value ?? 0) % busy.length]?.shift();
            // The test does not await this call, because the next request arrives while this one is in progress.
            waiting.push(step?.());
          }
          await Promise.all(waiting);
          expect(events).toHaveLength(refreshes.length + refreshes.reduce((sum, times) => sum + times, 0));
        },
      ),
    );
  });
});

describe('createEntryCookies', () => {
  const entryCookies = createEntryCookies([sharedKey]);
  const cookieOf = (sessionId: string) => {
    const { name, value } = entryCookies.create(sessionId);
    return { [name]: value };
  };

  it('accepts a cookie that was signed with any of its keys, not only with the newest', () => {
    const sessionId = uuidv7();
    const rotated = createEntryCookies([{ id: 'newer', secret: Buffer.alloc(32, 9) }, sharedKey]);
    expect(rotated.read({ wat_session: 'a', ...cookieOf(sessionId) }, Date.now())).toEqual([sessionId]);
    expect(
      createEntryCookies([{ id: 'other', secret: Buffer.alloc(32, 9) }]).read(
        cookieOf(sessionId),
        Date.now(),
      ),
    ).toEqual([]);
  });

  it('gives each cookie a different name, so that no link entry overwrites the cookie of another', () => {
    const names = Array.from({ length: 100 }, () => entryCookies.create(uuidv7()).name);
    expect(new Set(names).size).toBe(100);
  });

  it('ignores a cookie that is altered, forged or expired', () => {
    const sessionId = uuidv7();
    const { name, value } = entryCookies.create(sessionId);
    for (let at = 0; at < value.length; at += 1) {
      const changed = value.slice(0, at) + (value[at] === '0' ? '1' : '0') + value.slice(at + 1);
      expect(entryCookies.read({ [name]: changed }, Date.now())).toEqual([]);
    }
    for (const other of ['', '.', sessionId, `${sessionId}.`, `${value}a`, 'x'.repeat(5000)])
      expect(entryCookies.read({ [name]: other }, Date.now())).toEqual([]);
    expect(entryCookies.read({ [name]: value }, Date.now() + 600_001)).toEqual([]);
  });

  it('reads at most 50 entry cookies of a request', () => {
    const cookies = Object.assign({}, ...Array.from({ length: 100 }, () => cookieOf(uuidv7())));
    expect(entryCookies.read(cookies, Date.now())).toHaveLength(50);
  });
});

describe('createFirstPageLoads', () => {
  it('falls back to gateway memory while the control store is unavailable', async () => {
    const control = {
      insertInto: () => {
        throw new AppError(platformErrors.control_store_unavailable);
      },
    };
    const { take } = createFirstPageLoads({ control: control as never, clock: { nowMs: () => nowMs } });
    expect([await take('a', nowMs), await take('a', nowMs), await take('b', nowMs)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
