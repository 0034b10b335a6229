import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeSessionEvent } from '../../../../src/events/decode-session-event.ts';
import { createExchange } from '../../../../src/gateway/exchange/exchange.ts';
import { createPseudonymiser } from '../../../../src/gateway/exchange/pseudonym.ts';
import { openRecordLog } from '../../../../src/journal/log/store/lmdb-record-log.ts';
import { digestOfToken } from '../../../../src/tokens/opening/token-cache.ts';
import {
  noRevocations,
  type RevocableToken,
  type Revocations,
} from '../../../../src/tokens/revocation/revocations.ts';
import { letEventLoopTurn } from '../../../support/event-loop.ts';
import { createMemoryRecordLog } from '../../../support/memory-record-log.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';
import { createTestClock, openJournal } from '../../journal/rig.ts';
import { mint } from '../../tokens/support/control.ts';
import { createFixtureOpener, kid } from '../../tokens/support/fixtures.ts';
import { createTestSessions } from '../support/sessions.ts';

const sessionTtlMs = 3_600_000;
const secret = Buffer.alloc(32, 7);

interface Options {
  readonly limitBytes?: number;
  readonly log?: ReturnType<typeof createMemoryRecordLog>;
  readonly revocations?: Pick<Revocations, 'isRevoked'>;
}

/** Creates an exchange with a journal. No consumer reads the journal, so its entries accumulate. */
function setUp(options: Options = {}) {
  const clock = createTestClock();
  const log = options.log ?? openRecordLog(temporaryDirectory('exchange'));
  const { limitBytes = Number.MAX_SAFE_INTEGER } = options;
  const journal = openJournal(log, clock, { limitBytes });
  onTestFinished(() => journal.close());
  const { sessions, grantStore } = createTestSessions({ sessionTtlMs, clock });
  const exchange = createExchange({
    opener: createFixtureOpener(clock, 100_000),
    revocations: options.revocations ?? noRevocations,
    ...{ journal, sessions, clock },
    pseudonymise: createPseudonymiser(() => secret),
  });
  const events = () =>
    journal.read(journal.startPosition(), 1000).map(({ body }) => decodeSessionEvent(body));
  return { clock, journal, exchange, events, grantStore };
}

const seconds = (ms: number) => ms / 1000;

describe('createExchange', () => {
  it('writes one event with the id, configuration and tags of the session, and without the subject of the token', async () => {
    const { exchange, events, clock, journal } = setUp();
    const token = await mint(kid, { sub: 'alice', trc: ['b', 'a', 'b'], grants: { res: ['dashboard:1'] } });
    const session = await exchange(` ${token}\n`);
    expect(session.expiresAtMs).toBe(clock.ms + sessionTtlMs);
    expect(events()).toMatchObject([
      {
        kind: 'event',
        event: {
          sessionId: session.sessionId,
          configurationId: kid,
          organisationId: 'default',
          tags: ['b', 'a'],
          timeMs: clock.ms,
          viewer: expect.stringMatching(/^[0-9a-f]{32}$/),
        },
      },
    ]);
    const [entry] = journal.read(journal.startPosition(), 1);
    for (const kept of ['alice', 'dashboard:1', token, session.initialiser])
      expect(entry?.body).not.toContain(kept);
  });

  it('runs the given callback before it writes the event, and does not write the event if the callback fails', async () => {
    const { exchange, events } = setUp();
    const token = await mint(kid, { sub: 'alice' });
    const kept: unknown[] = [];
    const session = await exchange(token, 'link', async (early) => {
      expect(events()).toEqual([]);
      kept.push(early);
    });
    expect(kept).toEqual([session]);
    expect(events()).toHaveLength(1);
    const fail = () => Promise.reject(new Error('the step failed'));
    await expect(exchange(token, 'link', fail)).rejects.toThrow('the step failed');
    expect(events()).toHaveLength(1);
  });

  it('creates a new session for each exchange, also if the viewer is the same', async () => {
    const { exchange, events } = setUp();
    const token = await mint(kid, { sub: 'alice' });
    const sessions = await Promise.all(Array.from({ length: 50 }, () => exchange(token)));
    await exchange(await mint(kid, { sub: 'bob' }));
    for (const member of ['sessionId', 'initialiser', 'webSessionToken'] as const) {
      expect(new Set(sessions.map((session) => session[member])).size).toBe(50);
    }
    const viewers = events().map((decoded) => (decoded.kind === 'event' ? decoded.event.viewer : ''));
    expect(viewers).toHaveLength(51);
    expect(new Set(viewers.slice(0, 50)).size).toBe(1);
    expect(new Set(viewers).size).toBe(2);
  });

  it('resolves only after the event is on disk', async () => {
    const log = createMemoryRecordLog();
    const { exchange } = setUp({ log });
    let commit = () => {};
    const written = new Promise<void>((resolve) => {
      log.answer = () => {
        resolve();
        return new Promise<void>((done) => {
          commit = done;
        });
      };
    });
    let isAnswered = false;
    const session = exchange(await mint(kid)).then((result) => {
      isAnswered = true;
      return result;
    });
    await written;
    await letEventLoopTurn();
    expect(isAnswered).toBe(false);
    commit();
    log.answer = () => {};
    expect((await session).sessionId).toBeDefined();
  });
});

describe('claims that do not fit into the session token', () => {
  const large = { sub: 'alice', grants: { res: ['x'.repeat(5000)] } };

  it('are stored before the event is written and before the exchange resolves', async () => {
    const { exchange, events, grantStore } = setUp();
    const session = await exchange(await mint(kid, large));
    expect([...grantStore.rows.values()]).toEqual([expect.stringContaining('xxxxx')]);
    expect(session.webSessionToken.length).toBeLessThan(400);
    expect(events()).toHaveLength(1);
  });

  it('make the exchange fail without an event if they cannot be stored', async () => {
    const { exchange, events, grantStore } = setUp();
    grantStore.isDown = true;
    await expect(exchange(await mint(kid, large))).rejects.toMatchObject({
      code: 'control_store_unavailable',
    });
    expect(events()).toEqual([]);
    // Claims that fit into the session token do not need the store.
    expect((await exchange(await mint(kid))).sessionId).toBeDefined();
  });
});

describe('a rejected exchange', () => {
  it('reports the first check that fails (claims, nbf, exp, revocation, journal) and does not write an event', async () => {
    const isRevoked = ({ subject }: RevocableToken) => subject !== 'a';
    const { exchange, clock, events } = setUp({ limitBytes: 0, revocations: { isRevoked } });
    const now = seconds(clock.ms);
    const refusalOf = async (claims: object) =>
      exchange(await mint(kid, claims)).then(
        () => 'none',
        (error: { code: string; reason?: string }) => error.reason ?? error.code,
      );
    expect(await refusalOf({ nbf: now + 9, exp: now - 9 })).toBe('claims');
    expect(await refusalOf({ sub: 'a', nbf: now + 9, exp: now - 9 })).toBe('not-yet-valid');
    expect(await refusalOf({ sub: 'a', nbf: now, exp: now })).toBe('expired');
    expect(await refusalOf({ sub: 'b', nbf: now + 9, exp: now - 9 })).toBe('not-yet-valid');
    expect(await refusalOf({ sub: 'b', exp: now })).toBe('expired');
    expect(await refusalOf({ sub: 'b', exp: now + 9 })).toBe('revoked');
    // The journal is full. Only a token that passes all other checks reveals this.
    await expect(exchange(await mint(kid, { sub: 'a', nbf: now, exp: now + 0.001 }))).rejects.toMatchObject({
      code: 'journal_unavailable',
      retryAfterSeconds: expect.any(Number),
    });
    expect(events()).toEqual([]);
  });

  it('fails with token_not_yet_valid before nbf and with token_expired from exp on, without leeway, also for a cached token', async () => {
    const { exchange, clock } = setUp();
    const startMs = clock.ms;
    const token = await mint(kid, { sub: 'a', nbf: seconds(startMs + 5), exp: seconds(startMs + 10) });
    const codeAt = async (ms: number) => {
      clock.ms = ms;
      return exchange(token).then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      );
    };
    expect(await codeAt(startMs + 4)).toBe('token_not_yet_valid');
    expect(await codeAt(startMs + 5)).toBe('accepted');
    expect(await codeAt(startMs + 9)).toBe('accepted');
    expect(await codeAt(startMs + 10)).toBe('token_expired');
  });

  it('fails with token_revoked if the check of digest, configuration, subject and iat finds a revocation, also for a cached token', async () => {
    const checked: RevocableToken[] = [];
    let revoked = false;
    const isRevoked = (token: RevocableToken) => {
      checked.push(token);
      return revoked;
    };
    const { exchange } = setUp({ revocations: { isRevoked } });
    const token = await mint(kid, { sub: 'alice', iat: 5.5 });
    await exchange(token);
    revoked = true;
    await expect(exchange(` ${token}\n`)).rejects.toMatchObject({
      ...{ code: 'token_revoked', reason: 'revoked', configuration: { configurationId: kid } },
    });
    const known = { digest: digestOfToken(token), configurationId: kid, subject: 'alice', issuedAtS: 5.5 };
    expect(checked).toEqual([known, known]);
  });

  it('fails with journal_unavailable if the disk fails, and the next exchange succeeds', async () => {
    const log = createMemoryRecordLog();
    const { exchange, events } = setUp({ log });
    log.outcome = () => 'failed';
    await expect(exchange(await mint(kid))).rejects.toMatchObject({ code: 'journal_unavailable' });
    log.outcome = () => 'done';
    const session = await exchange(await mint(kid));
    expect(events()).toMatchObject([{ kind: 'event', event: { sessionId: session.sessionId } }]);
  });
});
