import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenScope } from '../../../../src/tokens/configurations/token-scope.ts';
import { canonicalText } from '../../../../src/tokens/jwe/jwe.ts';
import { digestOfToken } from '../../../../src/tokens/opening/token-cache.ts';
import { createRevocationCache } from '../../../../src/tokens/revocation/revocation-cache.ts';
import { createRevocationService } from '../../../../src/tokens/revocation/revocation-service.ts';
import type { RevocableSession } from '../../../../src/tokens/revocation/revocations.ts';
import { openControl } from '../../../support/control.ts';
import { describeOnControlStore } from '../../../support/services/control-store-matrix.ts';
import {
  addConfiguration,
  createManualClock,
  createWatchedOpener,
  mint,
  openControlAt,
  openTemporaryControl,
  type TestControl,
} from '../support/control.ts';

const everything: TokenScope = { organisationId: undefined, configurationIds: undefined };
const dayMs = 86_400_000;

/**
 * Tests on each control store that revocations apply immediately in this process, and in other processes at their
 * next refresh.
 */
describeOnControlStore((stores) => {
  const clock = createManualClock();
  let shared: TestControl;
  let cleanUp = async () => {};
  beforeAll(async () => {
    const place = await stores.create();
    cleanUp = place.remove;
    shared = { ...(await openControl({ ...place.config, adminToken: undefined }, clock)), place };
    cleanUp = async () => {
      await shared.store.destroy();
      await place.remove();
    };
  });
  afterAll(() => cleanUp());

  /**
   * Creates a configuration for one test. `setUpAlone` also creates a separate store, for tests that change the whole
   * content of the store.
   */
  async function setUp(control = shared) {
    const configurationId = await addConfiguration(control);
    const tokenOf = (
      subject: string,
      issuedAtMs?: number,
      digest = 'another',
    ): Omit<RevocableSession, 'startedAtMs'> => ({
      sessionId: 'a session',
      ...{ digest, configurationId, subject },
      issuedAtS: issuedAtMs === undefined ? undefined : issuedAtMs / 1000,
    });
    const rows = () =>
      control.store
        .selectFrom('revocations')
        .selectAll()
        .where('configuration_id', '=', configurationId)
        .execute();
    return { clock, control, configurationId, tokenOf, rows };
  }
  const setUpAlone = async () => setUp(await openTemporaryControl(clock, stores));

  const openToken = async (
    control: TestControl,
    clock: ReturnType<typeof createManualClock>,
    token: string,
  ) => {
    const result = await createWatchedOpener(control, clock).open(token);
    if (!result.ok) throw new Error(result.reason);
    const { digest, configurationId, claims } = result.token;
    const { subject, issuedAtS } = claims;
    return { sessionId: 'a session', digest, configurationId, subject, issuedAtS };
  };

  describe('a revocation with an end', () => {
    it('applies until its end, and sessions that it has ended stay ended', async () => {
      const { control, clock, configurationId, tokenOf } = await setUp();
      const token = tokenOf('heidi', clock.ms);
      const before = { ...token, startedAtMs: clock.ms };
      const untilMs = clock.ms + 10_000;
      await control.revocationService.revoke({ configurationId, subject: 'heidi' }, true, everything, {
        untilMs,
      });
      clock.ms = untilMs - 1;
      expect(control.revocations.isRevoked(token)).toBe(true);
      clock.ms = untilMs;
      expect(control.revocations.isRevoked(token)).toBe(false);
      expect(control.revocations.isSessionEnded(before)).toBe(true);
      expect(control.revocations.isSessionEnded({ ...token, startedAtMs: untilMs - 1 })).toBe(true);
      expect(control.revocations.isSessionEnded({ ...token, startedAtMs: untilMs })).toBe(false);
    });

    it('keeps the later end if it is repeated, and becomes permanent if it is repeated without an end', async () => {
      const { control, clock, configurationId, rows } = await setUp();
      const target = { configurationId, subject: 'ivan' };
      const ends = async () => (await rows()).map(({ ends_at }) => ends_at && Number(ends_at));
      const revoke = (untilMs?: number) =>
        control.revocationService.revoke(target, false, everything, { untilMs });
      await revoke(clock.ms + 2000);
      await revoke(clock.ms + 1000);
      expect(await ends()).toEqual([clock.ms + 2000]);
      await revoke();
      expect(await ends()).toEqual([null]);
    });

    it('is purged one day after its end', async () => {
      const { control, clock, configurationId, rows } = await setUpAlone();
      const untilMs = clock.ms + 1000;
      await control.revocationService.revoke({ configurationId, subject: 'judy' }, false, everything, {
        untilMs,
      });
      clock.ms = untilMs + dayMs;
      await control.revocationStore.purge(clock.ms);
      expect(await rows()).toHaveLength(1);
      clock.ms += 1;
      await control.revocationStore.purge(clock.ms);
      expect(await rows()).toEqual([]);
    });
  });

  describe('a revoked token', () => {
    it('is rejected even if another encoding of the token was revoked, and other tokens remain valid', async () => {
      const { control, clock, configurationId } = await setUp();
      const [token, other] = [await mint(configurationId), await mint(configurationId)];
      const spelled = `\n ${token.split('.').join('==.').replaceAll('-', '+').replaceAll('_', '/')}= `;
      await control.revocationService.revoke({ token: spelled }, false, everything);
      expect(control.revocations.isRevoked(await openToken(control, clock, token))).toBe(true);
      expect(control.revocations.isRevoked(await openToken(control, clock, other))).toBe(false);
    });

    it('keeps its row and its first timestamp if it is revoked again, and its sessions end once a revocation requests that', async () => {
      const { control, clock, configurationId, rows } = await setUp();
      const token = await mint(configurationId);
      const first = await control.revocationService.revoke({ token }, false, everything);
      const session = { ...(await openToken(control, clock, token)), startedAtMs: clock.ms };
      expect(control.revocations.isSessionEnded(session)).toBe(false);
      clock.ms += 1000;
      const again = await control.revocationService.revoke({ token }, true, everything);
      expect(again.revocation.revokedAtMs).toBe(first.revocation.revokedAtMs);
      expect(control.revocations.isSessionEnded(session)).toBe(true);
      await control.revocationService.revoke({ token }, false, everything);
      expect(control.revocations.isSessionEnded(session)).toBe(true);
      expect(await rows()).toHaveLength(1);
    });

    it('is purged one day after it expires, unless it never expires or its sessions were ended', async () => {
      const { control, clock, configurationId, rows } = await setUpAlone();
      const exp = clock.ms / 1000 + 60;
      const short = await mint(configurationId, { sub: 'short', exp });
      const ended = await mint(configurationId, { sub: 'ended', exp });
      const endless = await mint(configurationId, { sub: 'endless', exp: 1e300 });
      const tokens = [await openToken(control, clock, short), await openToken(control, clock, endless)];
      await control.revocationService.revoke({ token: short }, false, everything);
      await control.revocationService.revoke({ token: ended }, true, everything);
      await control.revocationService.revoke({ token: endless }, false, everything);
      const purge = async () => {
        await control.revocationStore.purge(clock.ms);
        await control.revocations.reload();
      };
      clock.ms += 60_000 + dayMs;
      await purge();
      expect(await rows()).toHaveLength(3);
      clock.ms += 1;
      await purge();
      expect(await rows()).toHaveLength(2);
      expect(tokens.map(control.revocations.isRevoked)).toEqual([false, true]);
      clock.ms += 400 * dayMs;
      await purge();
      expect(await rows()).toHaveLength(1);
      await control.configurations.delete(configurationId, undefined);
      clock.ms += 400 * dayMs + 1;
      await purge();
      expect(await rows()).toEqual([]);
    });
  });

  describe('a cut-off', () => {
    it('for a subject applies only to this subject and configuration, and is stored without the subject in plain text', async () => {
      const { control, clock, configurationId, tokenOf } = await setUp();
      const other = await addConfiguration(control);
      const subject = 'zoë\u0000-marker-7f3a';
      await control.revocationService.revoke({ configurationId, subject }, false, everything);
      const { isRevoked } = control.revocations;
      expect(isRevoked(tokenOf(subject, clock.ms))).toBe(true);
      expect(isRevoked(tokenOf(subject))).toBe(true);
      expect(isRevoked(tokenOf(subject, clock.ms + 1))).toBe(false);
      expect(isRevoked(tokenOf('zoë', clock.ms))).toBe(false);
      expect(isRevoked({ ...tokenOf(subject, clock.ms), configurationId: other })).toBe(false);
      expect((await control.place.readBytes()).includes('marker-7f3a')).toBe(false);
    });

    it('for a configuration applies to all its subjects, and can only move forwards', async () => {
      const { control, clock, configurationId, tokenOf } = await setUp();
      const revoke = () =>
        control.revocationService.revoke({ configurationId, subject: undefined }, false, everything);
      const startMs = clock.ms;
      await revoke();
      clock.ms += 10;
      expect((await revoke()).revocation.revokedAtMs).toBe(startMs + 10);
      clock.ms = startMs;
      expect((await revoke()).revocation.revokedAtMs).toBe(startMs + 10);
      for (const subject of ['alice', 'bob']) {
        expect(control.revocations.isRevoked(tokenOf(subject, startMs + 10))).toBe(true);
        expect(control.revocations.isRevoked(tokenOf(subject, startMs + 11))).toBe(false);
      }
    });

    it('is confirmed only after its millisecond has ended, so that later tokens are not cut off', async () => {
      const { control, configurationId } = await setUp();
      const { revocationStore: store, revocations: cache, keyring, configurationStore } = control;
      const startMs = clock.ms;
      let clockReads = 0;
      const slow = {
        nowMs() {
          clockReads += 1;
          return clockReads < 4 ? startMs : startMs + 1;
        },
      };
      const revocationService = createRevocationService({
        sealer: control.sealer,
        store,
        cache,
        keyring,
        configurations: configurationStore,
        clock: slow,
      });
      const target = { configurationId, subject: 'erin' };
      const { revocation } = await revocationService.revoke(target, false, everything);
      expect([revocation.revokedAtMs, clockReads]).toEqual([startMs, 4]);
    });

    it('ends existing sessions and sessions that a gateway started before it received the cut-off, but no later sessions', async () => {
      const { control, clock, configurationId, tokenOf } = await setUp();
      const session = (startedMs: number, issuedMs?: number) => ({
        ...tokenOf('alice', issuedMs),
        startedAtMs: startedMs,
      });
      const { isSessionEnded } = control.revocations;
      await control.revocationService.revoke({ configurationId, subject: 'alice' }, false, everything);
      expect(isSessionEnded(session(clock.ms, clock.ms))).toBe(false);
      clock.ms += 5;
      await control.revocationService.revoke({ configurationId, subject: 'alice' }, true, everything);
      expect(isSessionEnded(session(clock.ms, clock.ms - 1))).toBe(true);
      expect(isSessionEnded(session(clock.ms, clock.ms + 60_000))).toBe(true);
      expect(isSessionEnded(session(clock.ms + 1500, clock.ms))).toBe(true);
      expect(isSessionEnded(session(clock.ms + 1500))).toBe(true);
      expect(isSessionEnded(session(clock.ms + 1500, clock.ms + 1))).toBe(false);
      expect(isSessionEnded({ ...session(clock.ms, 0), subject: 'bob' })).toBe(false);
    });
  });

  describe('several processes', () => {
    it('apply the revocations of other processes at the next refresh and after a restart', async () => {
      const { control, clock, configurationId, tokenOf } = await setUp();
      const other = await openControlAt(control.place, clock);
      await control.revocationService.revoke({ configurationId, subject: 'alice' }, false, everything);
      await control.revocationService.revoke({ configurationId, subject: 'bob' }, false, everything);
      const isRevokedAt = ({ revocations }: TestControl) =>
        ['alice', 'bob', 'carol'].map((subject) => revocations.isRevoked(tokenOf(subject, clock.ms)));
      expect(isRevokedAt(other)).toEqual([false, false, false]);
      await other.revocations.refresh();
      expect(isRevokedAt(other)).toEqual([true, true, false]);
      expect(isRevokedAt(await openControlAt(control.place, clock))).toEqual([true, true, false]);
    });

    it('can revoke the same token and subject concurrently, and every revocation takes effect', async () => {
      const { control, clock, configurationId, tokenOf, rows } = await setUp();
      const other = await openControlAt(control.place, clock);
      const token = await mint(configurationId);
      // SQLite blocks the whole thread, so two connections in one thread would wait for each other.
      const both = stores.name === 'SQLite' ? [control, control] : [control, other];
      const done = await Promise.all(
        Array.from({ length: 10 }, (_, index) => both[index % 2] as TestControl).flatMap(
          ({ revocationService }, index) => [
            revocationService.revoke({ token }, index === 7, everything),
            revocationService.revoke({ configurationId, subject: 'alice' }, index === 3, everything),
          ],
        ),
      );
      expect(done).toHaveLength(20);
      expect(await rows()).toHaveLength(2);
      for (const { revocations } of [control, other]) {
        await revocations.refresh();
        const session = { ...(await openToken(control, clock, token)), startedAtMs: clock.ms };
        expect([revocations.isRevoked(session), revocations.isSessionEnded(session)]).toEqual([true, true]);
        expect(revocations.isSessionEnded({ ...tokenOf('alice', 0), startedAtMs: 0 })).toBe(true);
      }
    });

    it('read the revocations of a restored backup at the next reload, although the revision of the backup is lower', async () => {
      const { control, clock, configurationId, tokenOf } = await setUpAlone();
      await control.revocationService.revoke({ configurationId, subject: 'alice' }, false, everything);
      await control.store.deleteFrom('revocations').execute();
      await control.store
        .updateTable('revisions')
        .set({ revision: 0 })
        .where('topic', '=', 'revocations')
        .execute();
      await control.revocations.refresh();
      expect(control.revocations.isRevoked(tokenOf('alice', clock.ms))).toBe(true);
      await control.revocations.reload();
      expect(control.revocations.isRevoked(tokenOf('alice', clock.ms))).toBe(false);
    });
  });

  describe('a revocation', () => {
    it('has no effect if it fails, neither in the store nor in memory', async () => {
      const { control, clock, configurationId, tokenOf } = await setUpAlone();
      // Without this table, the last statement of the revocation fails.
      await control.store.schema.alterTable('revocations').renameTo('away').execute();
      await expect(
        control.revocationService.revoke({ configurationId, subject: undefined }, true, everything),
      ).rejects.toThrow();
      await control.store.schema
        .alterTable('away' as never)
        .renameTo('revocations')
        .execute();
      expect(control.revocations.isRevoked(tokenOf('alice', clock.ms))).toBe(false);
      expect(await control.revocationStore.revision()).toBe(0);
      await control.revocationService.revoke({ configurationId, subject: undefined }, true, everything);
      expect(control.revocations.isRevoked(tokenOf('alice', clock.ms))).toBe(true);
    });

    it('succeeds if it was stored but cannot be read again', async () => {
      const { control, clock, configurationId, tokenOf } = await setUp();
      let isAvailable = true;
      const { revocationStore, keyring, configurationStore } = control;
      const cache = await createRevocationCache(
        {
          ...revocationStore,
          revision: () => (isAvailable ? revocationStore.revision() : Promise.reject(new Error('away'))),
        },
        clock,
      );
      const revocationService = createRevocationService({
        ...{ store: revocationStore, cache, keyring, configurations: configurationStore, clock },
        sealer: control.sealer,
      });
      isAvailable = false;
      await revocationService.revoke({ configurationId, subject: 'alice' }, false, everything);
      expect(cache.isRevoked(tokenOf('alice', clock.ms))).toBe(true);
      await expect(cache.refresh()).rejects.toThrow('away');
      isAvailable = true;
      await cache.refresh();
      expect(cache.isRevoked(tokenOf('alice', clock.ms))).toBe(true);
    });

    it('is rejected if the given text is not a token, or if the token is outside the caller’s scope', async () => {
      const { control, configurationId, rows } = await setUp();
      const token = await mint(configurationId);
      const stranger = { organisationId: 'another', configurationIds: undefined };
      const bound = { organisationId: undefined, configurationIds: ['f'.repeat(24)] };
      const refused = { code: 'web_access_token_not_found' };
      for (const text of [
        'garbage',
        'a.b.c.d.e',
        '',
        '....',
        'e30.a.a.a.a',
        `${token}A`,
        await mint('f'.repeat(24)),
      ])
        await expect(
          control.revocationService.revoke({ token: text }, true, everything),
        ).rejects.toMatchObject(refused);
      for (const reach of [stranger, bound])
        await expect(control.revocationService.revoke({ token }, true, reach)).rejects.toMatchObject(refused);
      expect(await rows()).toEqual([]);
    });
  });

  it('the revocation of a modified token succeeds only if its text still encodes the same token', async () => {
    const { control, configurationId, rows } = await setUp();
    const token = await mint(configurationId);
    const at = fc.nat({ max: token.length });
    const changed = fc
      .tuple(at, at, fc.oneof(fc.string(), fc.string({ unit: 'binary' })))
      .map(([from, to, text]) => token.slice(0, from) + text + token.slice(to));
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, fc.string({ unit: 'binary' })), async (text) => {
        const same = canonicalText(text.trim()) === token;
        const done = await control.revocationService.revoke({ token: text }, false, everything).then(
          ({ revocation }) => revocation.digest,
          (error: { code: string }) => error.code,
        );
        expect(done).toBe(same ? digestOfToken(token) : 'web_access_token_not_found');
      }),
      { numRuns: 200 },
    );
    expect((await rows()).length).toBeLessThanOrEqual(1);
  });

  describe('a complete reload', () => {
    it('does not delay or remove revocations that happen during the reload', async () => {
      const { control, clock, configurationId, tokenOf } = await setUp();
      const { revocationStore } = control;
      let release: (() => void) | undefined;
      let shouldHold = false;
      const cache = await createRevocationCache(
        {
          ...revocationStore,
          async *readAll() {
            yield* revocationStore.readAll();
            // The last page was read but not used yet.
            if (shouldHold)
              await new Promise<void>((resolve) => {
                release = resolve;
              });
          },
        },
        clock,
      );
      shouldHold = true;
      const reloaded = cache.reload();
      await expect.poll(() => release).toBeDefined();
      await control.revocationService.revoke({ configurationId, subject: 'dora' }, false, everything);
      await cache.refresh();
      expect(cache.isRevoked(tokenOf('dora', clock.ms))).toBe(true);
      release?.();
      await reloaded;
      expect(cache.isRevoked(tokenOf('dora', clock.ms))).toBe(true);
    });

    it('reads the store in pages, and keeps a revocation that happens between two pages', async () => {
      const { control, clock, configurationId, tokenOf } = await setUpAlone();
      const { revocationStore } = control;
      const row = { configuration_id: configurationId, kind: 'token', revoked_at: 1, revision: 0 };
      for (let from = 0; from < 11_000; from += 1000)
        await control.store
          .insertInto('revocations')
          .values(
            Array.from({ length: 1000 }, (_, index) => ({
              ...row,
              ...{ digest: `d${from + index}`, sessions_ended_at: null, expires_at: null },
            })),
          )
          .execute();
      let pages = 0;
      const cache = await createRevocationCache(
        {
          ...revocationStore,
          async *readAll() {
            for await (const page of revocationStore.readAll()) {
              pages += 1;
              yield page;
              // The last page was read but not used yet.
              if (pages === 6) {
                const revocationService = createRevocationService({
                  ...{
                    store: revocationStore,
                    cache,
                    clock,
                    keyring: control.keyring,
                    sealer: control.sealer,
                  },
                  configurations: control.configurationStore,
                });
                await revocationService.revoke({ configurationId, subject: 'alice' }, false, everything);
              }
            }
          },
        },
        clock,
      );
      expect(pages).toBe(3);
      await cache.reload();
      expect(pages).toBe(6);
      expect(cache.isRevoked(tokenOf('alice', clock.ms))).toBe(true);
      for (const digest of ['d0', 'd5000', 'd10999'])
        expect(cache.isRevoked(tokenOf('bob', clock.ms, digest))).toBe(true);
    });
  });
});
