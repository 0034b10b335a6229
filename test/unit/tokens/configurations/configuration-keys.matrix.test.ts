import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxAcceptedKeys } from '../../../../src/tokens/configurations/configuration-keys.ts';
import type { Control } from '../../../support/control.ts';
import { describeOnControlStore } from '../../../support/services/control-store-matrix.ts';
import {
  addConfiguration,
  createManualClock,
  createWatchedOpener,
  mint,
  openControlAt,
  openTemporaryControl,
  organisation,
  sealPrivateKey,
} from '../support/control.ts';

const dayMs = 86_400_000;

/** Prepared key pairs for all rotations, because the generation of a key pair takes 100 ms. */
const pairs = Array.from({ length: 3 }, () => generateKeyPairSync('rsa', { modulusLength: 2048 }));

/** Tests key rotation on each control store. */
describeOnControlStore((stores) => {
  async function setUp() {
    const clock = createManualClock();
    const control = await openTemporaryControl(clock, stores);
    const opener = createWatchedOpener(control, clock);
    const id = await addConfiguration(control);
    let rotations = 0;
    /** Rotates like `configurations.rotate`, but with a prepared key. Returns a token for that key. */
    const rotate = async (acceptOldUntilMs: number, by: Control = control) => {
      const pair = pairs[rotations++ % pairs.length];
      if (pair === undefined) throw new Error('no key');
      const keyId = randomBytes(12).toString('hex');
      const key = {
        id: keyId,
        publicKeyDigest: keyId,
        sealedPrivateKey: sealPrivateKey(control, keyId, pair.privateKey),
      };
      await by.configurationKeys.rotate(id, key, { nowMs: clock.ms, acceptOldUntilMs });
      await by.keyring.reload();
      return mint(id, { sub: 'bob' }, pair.publicKey);
    };
    const isAccepted = async (token: string) => (await opener.open(token)).ok;
    const rows = () =>
      control.store.selectFrom('configuration_keys').selectAll().orderBy('created_at').execute();
    return { clock, control, opener, id, rotate, isAccepted, rows, token: await mint(id) };
  }

  describe('a rotation', () => {
    it('keeps the old key accepted until the given date, exact to the millisecond', async () => {
      const { clock, rotate, isAccepted, token } = await setUp();
      const untilMs = clock.ms + dayMs;
      const fresh = await rotate(untilMs);
      for (const [ms, isOldAccepted] of [
        [clock.ms, true],
        [untilMs - 1, true],
        [untilMs, false],
        [untilMs + 1000 * dayMs, false],
      ] as const) {
        clock.ms = ms;
        expect([await isAccepted(token), await isAccepted(fresh)]).toEqual([isOldAccepted, true]);
      }
    });

    it.each([0, -dayMs])(
      'makes old keys invalid immediately if the given date is the current time plus %d ms',
      async (awayMs) => {
        const { clock, rotate, isAccepted, token } = await setUp();
        expect(await isAccepted(token)).toBe(true);
        const fresh = await rotate(clock.ms + awayMs);
        expect([await isAccepted(token), await isAccepted(fresh)]).toEqual([false, true]);
      },
    );

    it('keeps each old key accepted until the date that its rotation set, or until an earlier date of a later rotation', async () => {
      const { clock, rotate, isAccepted, token } = await setUp();
      const startMs = clock.ms;
      const second = await rotate(startMs + 5 * dayMs);
      const third = await rotate(startMs + 9 * dayMs);
      clock.ms = startMs + 6 * dayMs;
      expect([await isAccepted(token), await isAccepted(second), await isAccepted(third)]).toEqual([
        false,
        true,
        true,
      ]);
      const fourth = await rotate(startMs + 7 * dayMs);
      clock.ms = startMs + 7 * dayMs;
      expect([await isAccepted(second), await isAccepted(third), await isAccepted(fourth)]).toEqual([
        false,
        false,
        true,
      ]);
    });

    it('makes all older keys invalid if the given date is the current time', async () => {
      const { clock, rotate, isAccepted, token } = await setUp();
      const second = await rotate(clock.ms + dayMs);
      const third = await rotate(clock.ms);
      expect([await isAccepted(token), await isAccepted(second), await isAccepted(third)]).toEqual([
        false,
        false,
        true,
      ]);
    });

    it('is rejected if it would exceed the limit of accepted keys, also among concurrent rotations, unless it expires the old keys immediately', async () => {
      const { clock, control, id, rotate, rows } = await setUp();
      const results = await Promise.allSettled(
        Array.from({ length: maxAcceptedKeys + 2 }, () => rotate(clock.ms + dayMs)),
      );
      const refused = results.filter(({ status }) => status === 'rejected');
      expect(refused).toHaveLength(3);
      for (const refusal of refused) expect(refusal).toMatchObject({ reason: { code: 'too_many_keys' } });
      expect(await rows()).toHaveLength(maxAcceptedKeys);
      expect(control.keyring.find(id)?.keys).toHaveLength(maxAcceptedKeys);
      await rotate(clock.ms);
      await rotate(clock.ms + dayMs);
    });

    it('requires an existing configuration of the organisation, and a date within 100 years', async () => {
      const { clock, control, id, rotate, rows, isAccepted } = await setUp();
      const notFound = { code: 'configuration_not_found' };
      await expect(control.configurations.rotate(id, 0, 'other')).rejects.toMatchObject(notFound);
      const { configurations } = control;
      const tooFarMs = Date.UTC(2126, 10, 21, 8) + 1;
      await expect(configurations.rotate(id, tooFarMs, organisation)).rejects.toMatchObject({
        code: 'invalid_request',
      });
      const { publicKeyPem, configuration } = await configurations.rotate(id, tooFarMs - 1, organisation);
      expect(configuration).toMatchObject({ id, name: 'Portal' });
      expect(await isAccepted(await mint(id, { sub: 'bob' }, createPublicKey(publicKeyPem)))).toBe(true);
      await configurations.delete(id, organisation);
      await expect(configurations.rotate(id, clock.ms, organisation)).rejects.toMatchObject(notFound);
      await expect(rotate(clock.ms)).rejects.toMatchObject(notFound);
      expect(await rows()).toHaveLength(2);
    });

    it('leaves a disabled configuration disabled', async () => {
      const { control, clock, id, rotate, isAccepted } = await setUp();
      await control.configurations.change(id, { enabled: false }, organisation);
      const fresh = await rotate(clock.ms);
      expect(await isAccepted(fresh)).toBe(false);
      await control.configurations.change(id, { enabled: true }, organisation);
      expect(await isAccepted(fresh)).toBe(true);
    });

    it('takes effect at the next refresh if another process performed it', async () => {
      const { control, clock, rotate, isAccepted, token } = await setUp();
      const other = await openControlAt(control.place, clock);
      expect(await isAccepted(token)).toBe(true);
      const fresh = await rotate(clock.ms, other);
      expect(await isAccepted(token)).toBe(true);
      await control.keyring.refresh();
      expect([await isAccepted(token), await isAccepted(fresh)]).toEqual([false, true]);
    });

    it('makes a token invalid that is being decrypted at the same time, and the token is not cached', async () => {
      const { clock, opener, rotate, isAccepted, token } = await setUp();
      opener.hold = async () => {
        opener.hold = () => {};
        await rotate(clock.ms);
      };
      expect(await opener.open(token)).toMatchObject({ ok: false, reason: 'undecryptable' });
      expect(await isAccepted(token)).toBe(false);
    });
  });

  it('a rotation makes its key the newest, even if the clock of the process is behind', async () => {
    const { clock, control, id, rotate, rows } = await setUp();
    await rotate(clock.ms);
    clock.ms -= dayMs;
    await rotate(clock.ms + 3 * dayMs);
    const newest = (await rows()).find((row) => row.accepted_until === null);
    expect(control.keyring.find(id)?.keys[0]?.id).toBe(newest?.id);
  });

  it('any sequence of rotations keeps exactly the keys whose date has not passed, and removeUnneeded removes none of them', async () => {
    const { clock, control } = await setUp();
    const { configurationKeys: keys, configurationStore } = control;
    const step = fc.record({
      waitMs: fc.integer({ min: 0, max: 40 }),
      keepMs: fc.integer({ min: -20, max: 100 }),
      isWatched: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: maxAcceptedKeys - 1 }), async (steps) => {
        const id = randomBytes(12).toString('hex');
        const first = { id: `${id}-0`, publicKeyDigest: '0', sealedPrivateKey: '' };
        const times = { createdAtMs: clock.ms, deletedAtMs: undefined };
        const attributes = { organisationId: organisation, name: 'Model', enabled: true };
        await configurationStore.insert({ id, ...attributes, ...times }, first);
        const endsMs = [Number.POSITIVE_INFINITY];
        const accepted = async () =>
          (await keys.accepted(id, clock.ms)).map(({ publicKeyDigest }) => publicKeyDigest).sort();
        const promised = () => endsMs.flatMap((endMs, index) => (clock.ms < endMs ? [String(index)] : []));
        for (const [index, { waitMs, keepMs, isWatched }] of steps.entries()) {
          clock.ms += waitMs;
          if (isWatched) await keys.removeUnneeded(clock.ms);
          expect(await accepted()).toEqual(promised());
          const untilMs = clock.ms + keepMs;
          const key = { id: `${id}-${index + 1}`, publicKeyDigest: String(index + 1), sealedPrivateKey: '' };
          await keys.rotate(id, key, { nowMs: clock.ms, acceptOldUntilMs: untilMs });
          for (const [older, endMs] of endsMs.entries()) endsMs[older] = Math.min(endMs, untilMs);
          endsMs.push(Number.POSITIVE_INFINITY);
          expect(await accepted()).toEqual(promised());
        }
      }),
      { numRuns: 20 },
    );
  });

  describe('removeUnneeded', () => {
    it('removes expired keys and keys of deleted configurations from the store and from memory', async () => {
      const { clock, control, id, rotate, rows } = await setUp();
      const { configurationKeys: keys, keyring } = control;
      const other = await addConfiguration(control);
      const kept = await addConfiguration(control);
      const [old] = await rows();
      await rotate(clock.ms + dayMs);
      expect(await keys.removeUnneeded(clock.ms + dayMs - 1)).toBe(0);
      expect(await keys.removeUnneeded(clock.ms + dayMs)).toBe(1);
      await keyring.refresh();
      expect(keyring.find(id)?.keys).toHaveLength(1);
      expect((await rows()).map((row) => row.id)).not.toContain(old?.id);

      await control.configurations.delete(other, organisation);
      expect(await keys.removeUnneeded(clock.ms)).toBe(1);
      expect((await rows()).map((row) => row.configuration_id).sort()).toEqual([id, kept].sort());
      expect(await keys.removeUnneeded(clock.ms + 1000 * dayMs)).toBe(0);
    });
  });
});
